import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  base: "/app/",
  plugins: [react()],
  build: {
    target: ["chrome125", "edge125", "firefox147", "safari26"],
    // The content policy allows neither data: images nor inline scripts, so nothing may be folded into a page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
    manifest: true,
  },
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(
      ["/my", "/auth", "/health", "/ready"].map((path) => [
        path,
        { target: process.env.ARTEL_SERVER ?? "http://127.0.0.1:8000", changeOrigin: true },
      ]),
    ),
  },
});
