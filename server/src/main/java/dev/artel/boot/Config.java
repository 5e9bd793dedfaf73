package dev.artel.boot;

import dev.artel.base.Secret;
import dev.artel.db.DbSettings;
import dev.artel.identity.IdentitySettings;
import dev.artel.llm.InvalidModelSettings;
import dev.artel.llm.ModelSettings;
import dev.artel.llm.Surroundings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The whole configuration, read and checked once at start. Parts get the values they need from it,
/// never the tree. Prints no secret.
///
/// @param summary what was given, with secrets masked
public record Config(
    Service service,
    Database database,
    Tokens tokens,
    Models models,
    Limits limits,
    Streams streams,
    Agents agents,
    Metrics metrics,
    Cors cors,
    String summary) {
  /// Which promises hold: one person on their own machine, or many behind a network.
  public enum Mode {
    LOCAL,
    PRODUCTION
  }

  /// How much Artel's own classes log.
  public enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /// How tokens are signed.
  public enum Algorithm {
    HS256,
    RS256
  }

  /// @param allowedHosts empty: all in production mode; local mode answers loopback names alone
  public record Service(
      String name,
      Mode mode,
      Path home,
      LogLevel logLevel,
      String host,
      int port,
      List<String> allowedHosts,
      List<String> trustedProxies) {
    public boolean local() {
      return mode == Mode.LOCAL;
    }
  }

  /// @param external null: the embedded one in the home
  public record Database(
      @Nullable External external, int poolSize, int poolOverflow, Duration poolTimeout) {
    /// The same database entered as each of the three roles.
    public record External(
        DbSettings.Address app, DbSettings.Address owner, DbSettings.Address dispatch) {}
  }

  /// @param secret null only in local mode, which makes its own, and with RS256
  public record Tokens(
      Algorithm algorithm,
      @Nullable Secret secret,
      @Nullable Secret previousSecret,
      @Nullable URI jwksUrl,
      @Nullable String issuer,
      @Nullable String audience,
      boolean requireType,
      Duration clockSkew,
      Duration accessLife) {}

  /// @param around what may be found unasked; nothing in production mode
  public record Models(ModelSettings settings, Surroundings around) {}

  /// @param perMinute 0: no request limits at all (local mode)
  public record Limits(int perMinute, int burst) {}

  /// @param ageMax zero: none
  /// @param retentionDays 0: for ever
  public record Streams(
      Duration heartbeat,
      int perUserMax,
      int bufferEvents,
      Duration bufferLife,
      Duration ageMax,
      int retentionDays) {}

  public record Agents(int queueMax, Duration taskTimeout, Duration messageWait) {}

  public record Metrics(boolean enabled, int port) {}

  public record Cors(
      List<String> origins, boolean credentials, List<String> methods, List<String> headers) {}

  /// Which tokens are accepted, and how people sign in.
  public IdentitySettings identity() {
    return new IdentitySettings(
        service.local(),
        service.home(),
        tokens.algorithm() == Algorithm.RS256 ? tokens.jwksUrl() : null,
        tokens.secret(),
        tokens.previousSecret(),
        tokens.issuer(),
        tokens.audience(),
        tokens.requireType(),
        tokens.clockSkew(),
        tokens.accessLife(),
        Artel.version());
  }

  private static final int SECRET_BYTES_MIN = 32;

  /// Words that stand in examples all over the world, so that anyone could sign with them.
  private static final List<String> WELL_KNOWN =
      List.of("changeme", "change-me", "change_me", "your-secret", "your_secret", "secret-key");

  /// What people already have in their environment; looked for without prefix in local mode alone.
  private static final Set<String> UNPREFIXED =
      Set.of("OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "GEMINI_API_KEY");

  /// Reads the settings from the environment and from `artel.properties` in the home.
  ///
  /// @throws dev.artel.base.CannotStart naming every setting that does not fit, and the remedy
  public static Config of(Map<String, String> environment) {
    Given given = Given.read(environment);
    boolean local = given.get(Settings.MODE) == Mode.LOCAL;
    checkService(given, local);
    checkTokens(given, local);
    Database database = database(given);
    Models models = models(given, local, environment);
    given.stopOnProblems();
    return new Config(
        service(given),
        database,
        tokens(given),
        Objects.requireNonNull(models),
        new Limits(given.get(Settings.RATE_LIMIT_PER_MINUTE), given.get(Settings.RATE_LIMIT_BURST)),
        new Streams(
            given.get(Settings.SSE_HEARTBEAT_INTERVAL),
            given.get(Settings.SSE_MAX_CONNECTIONS_PER_USER),
            given.get(Settings.SSE_EVENT_BUFFER_SIZE),
            given.get(Settings.SSE_EVENT_TTL),
            given.get(Settings.SSE_MAX_AGE),
            given.get(Settings.EVENT_RETENTION_DAYS)),
        new Agents(
            given.get(Settings.AGENT_QUEUE_SIZE),
            given.get(Settings.AGENT_TASK_TIMEOUT),
            given.get(Settings.MESSAGE_WAIT_LIMIT)),
        new Metrics(given.get(Settings.PROMETHEUS_ENABLED), given.get(Settings.PROMETHEUS_PORT)),
        new Cors(
            listed(given, Settings.CORS_ORIGINS),
            given.get(Settings.CORS_ALLOW_CREDENTIALS),
            given.get(Settings.CORS_ALLOW_METHODS),
            given.get(Settings.CORS_ALLOW_HEADERS)),
        given.summary());
  }

  private static void checkService(Given given, boolean local) {
    String host = given.get(Settings.HOST);
    if (local && !host.equals(Settings.HOST.local())) {
      given.refuse(
          "ARTEL_HOST must be 127.0.0.1 in local mode, not '%s'; to serve others set ARTEL_MODE=production"
              .formatted(host));
    }
    if (!local && given.get(Settings.RATE_LIMIT_PER_MINUTE) == 0) {
      given.refuse("ARTEL_RATE_LIMIT_PER_MINUTE must be at least 1 in production mode");
    }
    int port = given.get(Settings.PORT);
    if (!local
        && port != 0
        && given.get(Settings.PROMETHEUS_ENABLED)
        && given.get(Settings.PROMETHEUS_PORT) == port) {
      given.refuse("ARTEL_PROMETHEUS_PORT must differ from ARTEL_PORT in production mode");
    }
    int pool = given.get(Settings.DATABASE_POOL_SIZE) + given.get(Settings.DATABASE_MAX_OVERFLOW);
    if (pool < DbSettings.CONNECTIONS_MIN || pool > DbSettings.CONNECTIONS_MAX) {
      given.refuse(
          "ARTEL_DATABASE_POOL_SIZE + ARTEL_DATABASE_MAX_OVERFLOW must be between %d and %d, not %d"
              .formatted(DbSettings.CONNECTIONS_MIN, DbSettings.CONNECTIONS_MAX, pool));
    }
  }

  private static void checkTokens(Given given, boolean local) {
    boolean shared = given.get(Settings.JWT_ALGORITHM) == Algorithm.HS256;
    if (shared) {
      if (!local && given.find(Settings.JWT_SECRET_KEY) == null) {
        given.refuse(
            "ARTEL_JWT_SECRET_KEY is missing, which production mode needs with HS256: set one of at least %d random bytes (openssl rand -hex 32), or ARTEL_JWT_ALGORITHM=RS256 with ARTEL_JWT_JWKS_URL"
                .formatted(SECRET_BYTES_MIN));
      }
      checkSecret(given, Settings.JWT_SECRET_KEY);
      checkSecret(given, Settings.JWT_PREVIOUS_SECRET_KEY);
    } else if (given.find(Settings.JWT_JWKS_URL) == null) {
      given.refuse("ARTEL_JWT_JWKS_URL is missing, which ARTEL_JWT_ALGORITHM=RS256 needs");
    }
  }

  private static void checkSecret(Given given, Setting<Secret> setting) {
    Secret secret = given.find(setting);
    if (secret == null) {
      return;
    }
    int bytes = secret.value().getBytes(StandardCharsets.UTF_8).length;
    if (bytes < SECRET_BYTES_MIN) {
      given.refuse(
          "%s has %d bytes and must have at least %d: make one with openssl rand -hex 32"
              .formatted(setting.variable(), bytes, SECRET_BYTES_MIN));
      return;
    }
    String lower = secret.value().toLowerCase(Locale.ROOT);
    boolean monotonous = lower.chars().distinct().count() < 8;
    if (monotonous || WELL_KNOWN.stream().anyMatch(lower::contains)) {
      given.refuse(
          setting.variable() + " can be guessed: make a random one with openssl rand -hex 32");
    }
  }

  private static Service service(Given given) {
    return new Service(
        given.get(Settings.APP_NAME),
        given.get(Settings.MODE),
        given.home(),
        given.get(Settings.LOG_LEVEL),
        given.get(Settings.HOST),
        given.get(Settings.PORT),
        listed(given, Settings.ALLOWED_HOSTS),
        listed(given, Settings.TRUSTED_PROXIES));
  }

  private static Database database(Given given) {
    DatabaseUrl app = given.find(Settings.DATABASE_URL);
    DatabaseUrl owner = given.find(Settings.DATABASE_OWNER_URL);
    DatabaseUrl dispatch = given.find(Settings.DATABASE_DISPATCH_URL);
    Database.External external = null;
    if (app != null && owner != null && dispatch != null) {
      external = new Database.External(app.address(), owner.address(), dispatch.address());
    } else if (app != null || owner != null || dispatch != null) {
      given.refuse(
          "ARTEL_DATABASE_URL, ARTEL_DATABASE_OWNER_URL and ARTEL_DATABASE_DISPATCH_URL must be given together, one for each role (docs/operations.md)");
    }
    return new Database(
        external,
        given.get(Settings.DATABASE_POOL_SIZE),
        given.get(Settings.DATABASE_MAX_OVERFLOW),
        given.get(Settings.DATABASE_POOL_TIMEOUT));
  }

  private static Tokens tokens(Given given) {
    return new Tokens(
        given.get(Settings.JWT_ALGORITHM),
        given.find(Settings.JWT_SECRET_KEY),
        given.find(Settings.JWT_PREVIOUS_SECRET_KEY),
        given.find(Settings.JWT_JWKS_URL),
        given.find(Settings.JWT_ISSUER),
        given.find(Settings.JWT_AUDIENCE),
        given.get(Settings.JWT_REQUIRE_TYPE),
        given.get(Settings.JWT_CLOCK_SKEW),
        Duration.ofMinutes(given.get(Settings.JWT_ACCESS_TOKEN_EXPIRE_MINUTES)));
  }

  private static @Nullable Models models(
      Given given, boolean local, Map<String, String> environment) {
    var around = new TreeMap<>(environment);
    around.keySet().retainAll(UNPREFIXED);
    try {
      return new Models(
          ModelSettings.of(local, given.texts(Setting.Area.MODELS)),
          local ? Surroundings.of(around) : Surroundings.none());
    } catch (InvalidModelSettings misfit) {
      given.refuse(String.valueOf(misfit.getMessage()));
      return null;
    }
  }

  private static List<String> listed(Given given, Setting<List<String>> setting) {
    List<String> items = given.find(setting);
    return items == null ? List.of() : items;
  }
}
