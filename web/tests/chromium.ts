import { existsSync } from "node:fs";

/** The system's Chromium, where it usually is; ARTEL_CHROMIUM names another one. */
export function chromiumPath(): string {
  const found = [
    process.env.ARTEL_CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ].find((path) => path && existsSync(path));
  if (!found) {
    throw new Error("No Chromium found: install it (apt-get install chromium) or set ARTEL_CHROMIUM");
  }
  return found;
}

export const chromiumArgs = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
