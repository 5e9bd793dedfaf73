package dev.artel.llm;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The built-in model of local mode: it repeats the request, says that it is a demo, costs nothing
/// and always answers the same. Words come at the pace of a real model, so that a newcomer sees
/// streaming.
final class DemoProvider implements Provider {
  static final String ID = "demo";
  static final String MODEL = "demo";

  private static final Duration WORD = Duration.ofSeconds(1).dividedBy(30);
  // A request may have 64 KiB, and nobody wants to watch that come back for minutes.
  private static final int REPEATED_CHARS_MAX = 2000;
  private static final Pattern PIECE = Pattern.compile("\\s*\\S+\\s*");
  private static final Pattern CYRILLIC = Pattern.compile("\\p{IsCyrillic}");
  private static final Pattern LATIN = Pattern.compile("[A-Za-z]");

  private final Pacing pacing;
  private final TokenCounter tokens;

  DemoProvider(Pacing pacing, TokenCounter tokens) {
    this.pacing = pacing;
    this.tokens = tokens;
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public ProviderKind kind() {
    return ProviderKind.DEMO;
  }

  @Override
  public ProviderSource source() {
    return ProviderSource.BUILT_IN;
  }

  @Override
  public String defaultModel() {
    return MODEL;
  }

  @Override
  public PriceTable.Price price(String model) {
    return PriceTable.FREE;
  }

  @Override
  public void stream(String model, ModelRequest request, Exchange exchange) {
    Matcher words = PIECE.matcher(answer(request.messages().getLast().text()));
    FinishReason reason = FinishReason.STOP;
    int said = 0;
    try {
      while (exchange.open() && words.find()) {
        if (said == request.maxTokens()) {
          reason = FinishReason.LENGTH;
          break;
        }
        if (said > 0) {
          pacing.pause(WORD, exchange.cancellation());
        }
        exchange.text(words.group());
        said++;
      }
    } catch (InterruptedException _) {
      exchange.interrupted();
      return;
    }
    exchange.finish(
        reason, new TokenCounts(tokens.count(request), tokens.count(exchange.text()), 0));
  }

  static String answer(String request) {
    String repeated = request.strip();
    if (repeated.length() > REPEATED_CHARS_MAX) {
      int cut = REPEATED_CHARS_MAX;
      if (Character.isHighSurrogate(repeated.charAt(cut - 1))) {
        cut--;
      }
      repeated = repeated.substring(0, cut) + "…";
    }
    boolean russian =
        CYRILLIC.matcher(request).results().count() > LATIN.matcher(request).results().count();
    return russian
        ? "Это демонстрационная модель Artel: она только повторяет запрос. Вы написали: " + repeated
        : "This is Artel's demo model, which only repeats the request. You wrote: " + repeated;
  }

  @Override
  public Listing list() {
    return new Listing(
        null,
        List.of(new ModelInfo(MODEL, null, false, PriceTable.FREE.in(), PriceTable.FREE.out())));
  }
}
