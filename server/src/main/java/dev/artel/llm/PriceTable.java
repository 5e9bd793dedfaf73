package dev.artel.llm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What tokens cost. The built-in table holds list prices of the providers' own services; the file
/// of `ARTEL_MODEL_PRICES` wins over it and may price any endpoint. Both have one line a model:
/// `provider/model input output [cached|-] [context]`, USD for one million tokens, context in
/// tokens, `#` begins a comment.
final class PriceTable {
  private static final String BUILT_IN = "model-prices.txt";
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
  private static final int FILE_BYTES_MAX = 1 << 20;
  // Providers publish dated names beside the plain one, at the same price.
  private static final Pattern DATED = Pattern.compile("-(\\d{4}-\\d{2}-\\d{2}|\\d{8}|latest)$");

  /// One line. A null `cached` means that cached input costs like other input.
  record Price(
      BigDecimal in, BigDecimal out, @Nullable BigDecimal cached, @Nullable Integer contextTokens) {
    BigDecimal cost(TokenCounts counts) {
      BigDecimal cachedPrice = cached == null ? in : cached;
      return in.multiply(BigDecimal.valueOf(counts.in() - counts.cached()))
          .add(cachedPrice.multiply(BigDecimal.valueOf(counts.cached())))
          .add(out.multiply(BigDecimal.valueOf(counts.out())))
          .divide(MILLION, 9, RoundingMode.HALF_UP)
          .stripTrailingZeros();
    }
  }

  static final Price FREE = new Price(BigDecimal.ZERO, BigDecimal.ZERO, null, null);

  private final Map<String, Price> builtIn;
  private final Map<String, Price> configured;

  private PriceTable(Map<String, Price> builtIn, Map<String, Price> configured) {
    this.builtIn = builtIn;
    this.configured = configured;
  }

  static PriceTable load(@Nullable Path file) {
    Map<String, Price> builtIn;
    try (InputStream in = PriceTable.class.getResourceAsStream(BUILT_IN)) {
      if (in == null) {
        throw new IllegalStateException(BUILT_IN + " is missing from the build");
      }
      builtIn =
          parse(BUILT_IN, new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (file == null) {
      return new PriceTable(builtIn, Map.of());
    }
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new InvalidModelSettings("MODEL_PRICES", "names a file of more than 1 MiB");
      }
      return new PriceTable(builtIn, parse(file.toString(), Files.readAllLines(file)));
    } catch (IOException e) {
      throw new InvalidModelSettings("MODEL_PRICES", "names a file that cannot be read: " + file);
    }
  }

  private static Map<String, Price> parse(String file, List<String> lines) {
    Map<String, Price> prices = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("#.*", "").strip();
      if (line.isEmpty()) {
        continue;
      }
      String[] parts = line.split("\\s+", -1);
      try {
        if (parts.length < 3 || parts.length > 5 || parts[0].indexOf('/') < 1) {
          throw new NumberFormatException();
        }
        prices.put(
            parts[0],
            new Price(
                amount(parts[1]),
                amount(parts[2]),
                parts.length > 3 && !parts[3].equals("-") ? amount(parts[3]) : null,
                parts.length > 4 ? Integer.valueOf(parts[4]) : null));
      } catch (NumberFormatException e) {
        throw new InvalidModelSettings(
            "MODEL_PRICES",
            "line %d of %s must be 'provider/model input output [cached|-] [context]'"
                .formatted(i + 1, file));
      }
    }
    return prices;
  }

  private static BigDecimal amount(String text) {
    BigDecimal amount = new BigDecimal(text);
    if (amount.signum() < 0 || amount.precision() > 12) {
      throw new NumberFormatException();
    }
    return amount;
  }

  /// The price of a model, or null. The built-in table speaks only for providers' own services: a
  /// model of the same name elsewhere has another price.
  @Nullable Price find(String provider, String model, boolean ownService) {
    String plain = DATED.matcher(model).replaceFirst("");
    for (String name : List.of(model, plain)) {
      Price price = configured.get(provider + "/" + name);
      if (price == null && ownService) {
        price = builtIn.get(provider + "/" + name);
      }
      if (price != null) {
        return price;
      }
    }
    return null;
  }
}
