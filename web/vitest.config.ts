import { existsSync } from "node:fs";
import react from "@vitejs/plugin-react";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

const chromium = [
  process.env.ARTEL_CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
].find((path) => path && existsSync(path));

if (!chromium) {
  throw new Error("No Chromium found: install it (apt-get install chromium) or set ARTEL_CHROMIUM");
}

// A dependency found late would be bundled a second time, React included, and hooks would break.
const dependencies = [
  "@tanstack/react-query",
  "@testing-library/react",
  "@testing-library/user-event",
  "axe-core",
  "lucide-react",
  "marked",
  "openapi-fetch",
  "react",
  "react-dom",
  "react-dom/client",
  "react/jsx-dev-runtime",
  "react/jsx-runtime",
  "virtua",
  "wouter",
  "wouter/use-browser-location",
];

export default defineConfig({
  plugins: [react()],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          environment: "node",
          include: ["src/**/*.test.{ts,tsx}", "tests/**/*.test.ts"],
          exclude: ["**/*.browser.test.tsx", "node_modules/**"],
        },
      },
      {
        extends: true,
        optimizeDeps: { include: dependencies },
        test: {
          name: "component",
          include: ["src/**/*.browser.test.tsx", "tests/**/*.browser.test.tsx"],
          setupFiles: ["tests/component-setup.ts"],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: chromium,
                args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
              },
            }),
            instances: [{ browser: "chromium" }],
            viewport: { width: 1280, height: 800 },
          },
        },
      },
    ],
  },
});
