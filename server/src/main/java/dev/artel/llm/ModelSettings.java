package dev.artel.llm;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The settings of the group "Models", checked. Names are given without their prefix `ARTEL_`.
public record ModelSettings(
    boolean local,
    @Nullable ApiKey openAiKey,
    @Nullable URI openAiBaseUrl,
    @Nullable ApiKey anthropicKey,
    @Nullable ApiKey geminiKey,
    List<ModelEndpoint> endpoints,
    @Nullable String defaultModel,
    @Nullable Path prices,
    int triesMax,
    Duration firstTokenTimeout,
    Duration idleTimeout) {
  /// The fixed names; the keys of endpoints come on top, see [#knows].
  public static final Set<String> NAMES =
      Set.of(
          "OPENAI_API_KEY",
          "OPENAI_BASE_URL",
          "ANTHROPIC_API_KEY",
          "GEMINI_API_KEY",
          "MODEL_ENDPOINTS",
          "DEFAULT_MODEL",
          "MODEL_PRICES",
          "MODEL_MAX_TRIES",
          "MODEL_FIRST_TOKEN_TIMEOUT",
          "MODEL_IDLE_TIMEOUT");

  private static final Pattern ENDPOINT_KEY = Pattern.compile("MODEL_ENDPOINT_[A-Z0-9_]+_KEY");
  private static final Pattern ENDPOINT_NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,31}");
  private static final Set<String> RESERVED = Set.of("openai", "anthropic", "gemini", "demo");
  private static final int TRIES_MAX_DEFAULT = 3;
  private static final int TRIES_MAX_LIMIT = 10;
  private static final int TIMEOUT_SECONDS_DEFAULT = 60;
  private static final int TIMEOUT_SECONDS_LIMIT = 3600;

  public ModelSettings {
    endpoints = List.copyOf(endpoints);
  }

  /// Whether `name`, without `ARTEL_`, is a setting of this group.
  public static boolean knows(String name) {
    return NAMES.contains(name) || ENDPOINT_KEY.matcher(name).matches();
  }

  /// Reads the settings of this group and ignores others. Throws [InvalidModelSettings].
  public static ModelSettings of(boolean local, Map<String, String> settings) {
    Map<String, String> given = new HashMap<>();
    settings.forEach((name, value) -> {
      if (knows(name) && !value.isBlank()) {
        given.put(name, value.strip());
      }
    });
    String prices = given.get("MODEL_PRICES");
    return new ModelSettings(
        local,
        key(given, "OPENAI_API_KEY"),
        given.containsKey("OPENAI_BASE_URL")
            ? url("OPENAI_BASE_URL", given.get("OPENAI_BASE_URL"))
            : null,
        key(given, "ANTHROPIC_API_KEY"),
        key(given, "GEMINI_API_KEY"),
        endpoints(given),
        defaultModel(given.get("DEFAULT_MODEL")),
        prices == null ? null : Path.of(prices),
        number(given, "MODEL_MAX_TRIES", TRIES_MAX_DEFAULT, TRIES_MAX_LIMIT),
        seconds(given, "MODEL_FIRST_TOKEN_TIMEOUT"),
        seconds(given, "MODEL_IDLE_TIMEOUT"));
  }

  static @Nullable ApiKey key(Map<String, String> given, String setting) {
    String value = given.get(setting);
    if (value == null) {
      return null;
    }
    try {
      return new ApiKey(value);
    } catch (IllegalArgumentException e) {
      throw new InvalidModelSettings(setting, "is not usable: " + e.getMessage());
    }
  }

  static URI url(String setting, @Nullable String text) {
    URI url;
    try {
      url = URI.create(text == null ? "" : text.strip());
    } catch (IllegalArgumentException e) {
      // The exception quotes the text, which may hold a password.
      throw new InvalidModelSettings(setting, "is not a valid URL");
    }
    boolean web =
        "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
    if (!web || url.getHost() == null || url.getRawUserInfo() != null) {
      throw new InvalidModelSettings(
          setting, "must be an http or https URL with a host and without user name");
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new InvalidModelSettings(setting, "must have neither query nor fragment");
    }
    return normal(url);
  }

  /// One spelling for one address: lower-case scheme and host, no slash at the end.
  static URI normal(URI url) {
    String text = url.toString();
    int pathAt = text.indexOf('/', text.indexOf("://") + 3);
    String origin = (pathAt < 0 ? text : text.substring(0, pathAt)).toLowerCase(Locale.ROOT);
    String path = pathAt < 0 ? "" : text.substring(pathAt);
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return URI.create(origin + path);
  }

  private static List<ModelEndpoint> endpoints(Map<String, String> given) {
    Map<String, ApiKey> keys = new TreeMap<>();
    for (String name : given.keySet()) {
      ApiKey key = ENDPOINT_KEY.matcher(name).matches() ? key(given, name) : null;
      if (key != null) {
        keys.put(name, key);
      }
    }
    List<ModelEndpoint> endpoints = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (String entry : given.getOrDefault("MODEL_ENDPOINTS", "").split("[,\\s]+", -1)) {
      if (entry.isEmpty()) {
        continue;
      }
      int equals = entry.indexOf('=');
      String name = equals < 0 ? "" : entry.substring(0, equals);
      if (!ENDPOINT_NAME.matcher(name).matches()) {
        throw new InvalidModelSettings(
            "MODEL_ENDPOINTS", "must be a list name=url,name=url with names of a-z, 0-9, - and _");
      }
      String setting = keySetting(name);
      if (RESERVED.contains(name)) {
        throw new InvalidModelSettings(
            "MODEL_ENDPOINTS",
            "uses the name '" + name + "', which is taken by a built-in provider");
      }
      if (!taken.add(setting)) {
        throw new InvalidModelSettings(
            "MODEL_ENDPOINTS", "has two endpoints whose key would be ARTEL_" + setting);
      }
      URI url = url("MODEL_ENDPOINTS", entry.substring(equals + 1));
      if (endpoints.stream().anyMatch(e -> e.url().equals(url))) {
        throw new InvalidModelSettings(
            "MODEL_ENDPOINTS", "has the same URL twice; the second is '" + name + "'");
      }
      endpoints.add(new ModelEndpoint(name, url, keys.remove(setting)));
    }
    if (!keys.isEmpty()) {
      throw new InvalidModelSettings(
          keys.keySet().iterator().next(),
          "is the key of an endpoint that ARTEL_MODEL_ENDPOINTS lacks");
    }
    return endpoints;
  }

  static String keySetting(String endpoint) {
    return "MODEL_ENDPOINT_" + endpoint.toUpperCase(Locale.ROOT).replace('-', '_') + "_KEY";
  }

  private static @Nullable String defaultModel(@Nullable String text) {
    if (text == null) {
      return null;
    }
    int slash = text.indexOf('/');
    if (slash < 1 || slash == text.length() - 1) {
      throw new InvalidModelSettings("DEFAULT_MODEL", "must be provider/model");
    }
    return text;
  }

  private static Duration seconds(Map<String, String> given, String setting) {
    return Duration.ofSeconds(
        number(given, setting, TIMEOUT_SECONDS_DEFAULT, TIMEOUT_SECONDS_LIMIT));
  }

  private static int number(Map<String, String> given, String setting, int otherwise, int limit) {
    String text = given.get(setting);
    if (text == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= limit) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Answered below, like a number that is out of range.
    }
    throw new InvalidModelSettings(setting, "must be a whole number from 1 to " + limit);
  }
}
