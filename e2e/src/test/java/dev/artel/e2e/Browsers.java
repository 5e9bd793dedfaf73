package dev.artel.e2e;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.List;
import java.util.Map;

/// The system's Chromium, which reaches `localhost` over the cable.
final class Browsers implements AutoCloseable {
  private final Playwright playwright;
  private final Browser browser;

  Browsers(ArtelProcess service, Cable cable) {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(Needs.browser())
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--host-resolver-rules=MAP localhost:%d 127.0.0.1:%d"
                                .formatted(service.port(), cable.port()))));
  }

  Person person(String language) {
    return new Person(
        browser.newContext(
            new Browser.NewContextOptions()
                .setLocale(language)
                .setViewportSize(1280, 800)
                .setReducedMotion(ReducedMotion.REDUCE)));
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
