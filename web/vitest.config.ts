import react from "@vitejs/plugin-react";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumArgs, chromiumPath } from "./tests/chromium";

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
          exclude: ["**/*.browser.test.tsx", "tests/page/**", "node_modules/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "page",
          environment: "node",
          include: ["tests/page/**/*.test.ts"],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          // Each file drives a browser of its own; two cores carry one at a time.
          fileParallelism: false,
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
                executablePath: chromiumPath(),
                args: chromiumArgs,
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
