package dev.artel.e2e;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// One person at a browser of their own, with any number of tabs.
final class Person implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;

  private final BrowserContext context;
  private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());
  private final List<String> feeds = Collections.synchronizedList(new ArrayList<>());

  Person(BrowserContext context) {
    this.context = context;
    context.setDefaultTimeout(PATIENCE_MILLIS);
    context.onRequest(request -> {
      if (request.url().contains("/events?")) {
        feeds.add(request.url());
      }
    });
  }

  Tab tab() {
    Page page = context.newPage();
    page.onPageError(complaints::add);
    page.onConsoleMessage(message -> {
      // Each refused request is printed by the browser; several tests are about just those.
      if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
        complaints.add(message.text());
      }
    });
    return new Tab(page);
  }

  /// Errors of the page, refusals of its content policy among them.
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /// How often a feed was opened by any tab.
  int feeds() {
    return feeds.size();
  }

  @Override
  public void close() {
    context.close();
  }
}
