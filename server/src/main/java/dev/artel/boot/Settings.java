package dev.artel.boot;

import dev.artel.base.Secret;
import dev.artel.boot.Setting.Area;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Every setting of the product. A value becomes a setting only when two deployments need it
/// different; everything else is a named constant beside its reader.
final class Settings {
  private static final List<Setting<?>> LIST = new ArrayList<>();

  private static final int DAY_SECONDS = 86_400;
  private static final Pattern WORD = Pattern.compile("[\\w.*-]+");
  private static final Pattern HOST_NAME =
      Pattern.compile("[a-z0-9.-]+(:\\d+)?|\\[[0-9a-f:]+](:\\d+)?");
  private static final Pattern NETWORK = Pattern.compile("[0-9a-f.:]+(/\\d{1,3})?");
  private static final Pattern MODEL = Pattern.compile("[^/\\s]+/\\S+");

  static final Setting<String> APP_NAME =
      add(
          Area.SERVICE,
          "APP_NAME",
          Kind.TEXT,
          "artel",
          "The name under which the service reports itself at `/` and in its log.");
  static final Setting<Config.Mode> MODE =
      add(
          Area.SERVICE,
          "MODE",
          Kind.oneOf(Config.Mode.class, mode -> mode.name().toLowerCase(Locale.ROOT)),
          "local",
          "`local` serves one person on their own machine, on loopback alone; `production` serves many behind a network, with tokens of an issuer.");
  static final Setting<Path> HOME =
      add(
          Area.SERVICE,
          "HOME",
          Kind.PATH,
          null,
          "The data folder: the embedded PostgreSQL, the signing key of local mode, `artel.properties`. Default: `artel` in the user's data directory (`$XDG_DATA_HOME` or `~/.local/share`, on macOS `~/Library/Application Support`, on Windows `%LOCALAPPDATA%`). In the environment only.");
  static final Setting<Config.LogLevel> LOG_LEVEL =
      add(
          Area.SERVICE,
          "LOG_LEVEL",
          Kind.oneOf(Config.LogLevel.class, Enum::name),
          "WARN",
          "INFO",
          "How much Artel's own classes log; in local mode a person reads the console, so it tells of trouble alone. Libraries log from WARN on, because below it some print headers.",
          false);
  static final Setting<String> HOST =
      add(
          Area.SERVICE,
          "HOST",
          Kind.TEXT,
          "127.0.0.1",
          "0.0.0.0",
          "The address to listen on. Local mode refuses any other than its default.",
          false);
  static final Setting<Integer> PORT =
      add(
          Area.SERVICE,
          "PORT",
          Kind.number(0, 65_535),
          "8000",
          "The port to listen on; 0 takes any free one and prints it.");
  static final Setting<List<String>> ALLOWED_HOSTS =
      add(
          Area.SERVICE,
          "ALLOWED_HOSTS",
          Kind.list(
              "host names", text -> HOST_NAME.matcher(text.toLowerCase(Locale.ROOT)).matches()),
          null,
          "Production mode: `Host` headers that are answered, each with or without port; any other gets 421. Unset: all. Local mode always answers loopback names alone.");
  static final Setting<List<String>> TRUSTED_PROXIES =
      add(
          Area.SERVICE,
          "TRUSTED_PROXIES",
          Kind.list("addresses or networks", text -> NETWORK.matcher(text).matches()),
          null,
          "Proxies whose `X-Forwarded-For` names the client. Unset: the socket's address is the client.");

  static final Setting<DatabaseUrl> DATABASE_URL =
      secret(
          Area.DATABASE,
          "DATABASE_URL",
          Kind.DATABASE,
          "An external PostgreSQL 15 or newer, entered as role `artel_app`. Unset: the embedded one in the data folder. The three URLs are given together; docs/operations.md has the SQL for the roles.");
  static final Setting<DatabaseUrl> DATABASE_OWNER_URL =
      secret(
          Area.DATABASE,
          "DATABASE_OWNER_URL",
          Kind.DATABASE,
          "The same database, entered as role `artel_owner`, which migrates.");
  static final Setting<DatabaseUrl> DATABASE_DISPATCH_URL =
      secret(
          Area.DATABASE,
          "DATABASE_DISPATCH_URL",
          Kind.DATABASE,
          "The same database, entered as role `artel_dispatch`, which finds work across users and sees no content.");
  static final Setting<Integer> DATABASE_POOL_SIZE =
      add(
          Area.DATABASE,
          "DATABASE_POOL_SIZE",
          Kind.number(1, 50),
          "10",
          "Connections that are kept open. Together with the overflow 10 to 50.");
  static final Setting<Integer> DATABASE_MAX_OVERFLOW =
      add(
          Area.DATABASE,
          "DATABASE_MAX_OVERFLOW",
          Kind.number(0, 49),
          "20",
          "Connections beyond these, opened under load.");
  static final Setting<Duration> DATABASE_POOL_TIMEOUT =
      add(
          Area.DATABASE,
          "DATABASE_POOL_TIMEOUT",
          Kind.seconds(1, 300),
          "30",
          "How long a request waits for a free connection before it gets 503.");

  static final Setting<Secret> JWT_SECRET_KEY =
      secret(
          Area.TOKENS,
          "JWT_SECRET_KEY",
          Kind.SECRET,
          "The HS256 key, at least 32 bytes. Required in production mode with HS256; local mode makes its own on the first start.");
  static final Setting<Secret> JWT_PREVIOUS_SECRET_KEY =
      secret(
          Area.TOKENS,
          "JWT_PREVIOUS_SECRET_KEY",
          Kind.SECRET,
          "The HS256 key before the last change; its tokens stay valid until they expire.");
  static final Setting<Config.Algorithm> JWT_ALGORITHM =
      add(
          Area.TOKENS,
          "JWT_ALGORITHM",
          Kind.oneOf(Config.Algorithm.class, Enum::name),
          "HS256",
          "How tokens are signed. No token can choose another way.");
  static final Setting<URI> JWT_JWKS_URL =
      add(
          Area.TOKENS,
          "JWT_JWKS_URL",
          Kind.URL,
          null,
          "Where the issuer publishes its RS256 keys. Required with RS256.");
  static final Setting<String> JWT_ISSUER =
      add(
          Area.TOKENS,
          "JWT_ISSUER",
          Kind.TEXT,
          null,
          "The `iss` that a token must carry. Unset: not checked.");
  static final Setting<String> JWT_AUDIENCE =
      add(
          Area.TOKENS,
          "JWT_AUDIENCE",
          Kind.TEXT,
          null,
          "The `aud` that a token must carry. Unset: not checked.");
  static final Setting<Boolean> JWT_REQUIRE_TYPE =
      add(
          Area.TOKENS,
          "JWT_REQUIRE_TYPE",
          Kind.SWITCH,
          "false",
          "Whether a token must carry `type=access`.");
  static final Setting<Duration> JWT_CLOCK_SKEW =
      add(
          Area.TOKENS,
          "JWT_CLOCK_SKEW",
          Kind.seconds(0, 60),
          "60",
          "How far the issuer's clock may be off.");
  static final Setting<Integer> JWT_ACCESS_TOKEN_EXPIRE_MINUTES =
      add(
          Area.TOKENS,
          "JWT_ACCESS_TOKEN_EXPIRE_MINUTES",
          Kind.number(1, 1440),
          "30",
          "Life of an access token that Artel itself makes: in local mode, and by `./dev token`.");

  static final Setting<Secret> OPENAI_API_KEY =
      secret(
          Area.MODELS,
          "OPENAI_API_KEY",
          Kind.SECRET,
          "Key of OpenAI, or of the server that `ARTEL_OPENAI_BASE_URL` names.");
  static final Setting<URI> OPENAI_BASE_URL =
      add(
          Area.MODELS,
          "OPENAI_BASE_URL",
          Kind.URL,
          null,
          "An OpenAI-compatible server: OpenRouter, vLLM, llama.cpp, LM Studio and others. Unset: OpenAI.");
  static final Setting<Secret> ANTHROPIC_API_KEY =
      secret(Area.MODELS, "ANTHROPIC_API_KEY", Kind.SECRET, "Key of Anthropic.");
  static final Setting<Secret> GEMINI_API_KEY =
      secret(Area.MODELS, "GEMINI_API_KEY", Kind.SECRET, "Key of Google Gemini.");
  static final Setting<String> MODEL_ENDPOINTS =
      add(
          Area.MODELS,
          "MODEL_ENDPOINTS",
          Kind.TEXT,
          null,
          "More OpenAI-compatible servers: `name=url,name=url`. An agent may name one of these URLs, and no other, as its `base_url`. The key of the endpoint `name` is `ARTEL_MODEL_ENDPOINT_<NAME>_KEY`.");
  static final Setting<String> DEFAULT_MODEL =
      add(
          Area.MODELS,
          "DEFAULT_MODEL",
          new Kind<>("`provider/model`", text -> MODEL.matcher(text).matches() ? text : null),
          null,
          "What answers where an agent's model names no configured provider. Unset: the first provider found, with its own default.");
  static final Setting<Path> MODEL_PRICES =
      add(
          Area.MODELS,
          "MODEL_PRICES",
          Kind.PATH,
          null,
          "A file with prices that replace the built-in ones.");
  static final Setting<Integer> MODEL_MAX_TRIES =
      add(
          Area.MODELS,
          "MODEL_MAX_TRIES",
          Kind.number(1, 10),
          "3",
          "How often a call is tried before its first token.");
  static final Setting<Duration> MODEL_FIRST_TOKEN_TIMEOUT =
      add(
          Area.MODELS,
          "MODEL_FIRST_TOKEN_TIMEOUT",
          Kind.seconds(1, 3600),
          "60",
          "How long a model may take to its first token.");
  static final Setting<Duration> MODEL_IDLE_TIMEOUT =
      add(
          Area.MODELS,
          "MODEL_IDLE_TIMEOUT",
          Kind.seconds(1, 3600),
          "60",
          "How long a model may be silent between two tokens.");

  static final Setting<Integer> RATE_LIMIT_PER_MINUTE =
      add(
          Area.LIMITS,
          "RATE_LIMIT_PER_MINUTE",
          Kind.number(0, 1_000_000),
          "6000",
          "100",
          "Requests of one user in a minute. 0 lifts all request limits, in local mode only.",
          false);
  static final Setting<Integer> RATE_LIMIT_BURST =
      add(
          Area.LIMITS,
          "RATE_LIMIT_BURST",
          Kind.number(0, 1_000_000),
          "20",
          "Requests beyond the limit that still pass within a minute.");

  static final Setting<Duration> SSE_HEARTBEAT_INTERVAL =
      add(
          Area.STREAMS,
          "SSE_HEARTBEAT_INTERVAL",
          Kind.seconds(1, 300),
          "30",
          "How often a stream without news shows that it lives.");
  static final Setting<Integer> SSE_MAX_CONNECTIONS_PER_USER =
      add(
          Area.STREAMS,
          "SSE_MAX_CONNECTIONS_PER_USER",
          Kind.number(1, 100_000),
          "1000",
          "Streams that one user may hold open.");
  static final Setting<Integer> SSE_EVENT_BUFFER_SIZE =
      add(
          Area.STREAMS,
          "SSE_EVENT_BUFFER_SIZE",
          Kind.number(1, 100_000),
          "100",
          "Events of a session that stay in memory for readers who come back.");
  static final Setting<Duration> SSE_EVENT_TTL =
      add(
          Area.STREAMS,
          "SSE_EVENT_TTL",
          Kind.seconds(1, DAY_SECONDS),
          "300",
          "How long they stay there when nobody reads.");
  static final Setting<Duration> SSE_MAX_AGE =
      add(
          Area.STREAMS,
          "SSE_MAX_AGE",
          Kind.seconds(0, 30 * DAY_SECONDS),
          "0",
          "How long a stream may stay open before it is asked to connect again; 0 for ever.");
  static final Setting<Integer> EVENT_RETENTION_DAYS =
      add(
          Area.STREAMS,
          "EVENT_RETENTION_DAYS",
          Kind.number(0, 36_500),
          "90",
          "How long events are kept in the log; 0 for ever.");

  static final Setting<Integer> AGENT_QUEUE_SIZE =
      add(
          Area.AGENTS,
          "AGENT_QUEUE_SIZE",
          Kind.number(1, 100_000),
          "100",
          "Tasks that may wait for an agent; beyond it a message gets 503.");
  static final Setting<Duration> AGENT_TASK_TIMEOUT =
      add(
          Area.AGENTS,
          "AGENT_TASK_TIMEOUT",
          Kind.seconds(1, DAY_SECONDS),
          "600",
          "Running time after which a task fails; waiting does not count.");
  static final Setting<Duration> MESSAGE_WAIT_LIMIT =
      add(
          Area.AGENTS,
          "MESSAGE_WAIT_LIMIT",
          Kind.seconds(1, 600),
          "25",
          "How long a message's request waits for the answer before it gets 202.");

  static final Setting<Boolean> PROMETHEUS_ENABLED =
      add(Area.METRICS, "PROMETHEUS_ENABLED", Kind.SWITCH, "true", "Whether `/metrics` answers.");
  static final Setting<Integer> PROMETHEUS_PORT =
      add(
          Area.METRICS,
          "PROMETHEUS_PORT",
          Kind.number(0, 65_535),
          "9091",
          "Production mode: the management port, which alone answers `/metrics`. Local mode answers it on the loopback port.");

  static final Setting<List<String>> CORS_ORIGINS =
      add(
          Area.CORS,
          "CORS_ORIGINS",
          Kind.list("origins such as `https://app.example.com`", Kind::isOrigin),
          null,
          "http://localhost:3000,http://localhost:8080",
          "Web pages of other origins that may call the API. Unset in local mode: none.",
          false);
  static final Setting<Boolean> CORS_ALLOW_CREDENTIALS =
      add(
          Area.CORS,
          "CORS_ALLOW_CREDENTIALS",
          Kind.SWITCH,
          "true",
          "Whether their calls may carry a bearer token. `/auth/` never answers with a CORS header.");
  static final Setting<List<String>> CORS_ALLOW_METHODS =
      add(
          Area.CORS,
          "CORS_ALLOW_METHODS",
          Kind.list("methods, or `*`", text -> WORD.matcher(text).matches()),
          "*",
          "Methods that they may use.");
  static final Setting<List<String>> CORS_ALLOW_HEADERS =
      add(
          Area.CORS,
          "CORS_ALLOW_HEADERS",
          Kind.list("header names, or `*`", text -> WORD.matcher(text).matches()),
          "*",
          "Headers that they may send.");

  static final List<Setting<?>> ALL = List.copyOf(LIST);

  /// The keys of `ARTEL_MODEL_ENDPOINTS`, whose names the operator makes.
  static final Pattern ENDPOINT_KEY = Pattern.compile("MODEL_ENDPOINT_[A-Z0-9_]+_KEY");

  private static final String NO_MEMORY = "this version has no agent memory";
  private static final String NO_TOOLS =
      "this version runs no tools, so that there is nothing to approve";

  /// Names that belong to parts which this version does not have, by the beginning of the name. A
  /// setting without effect would promise something, so they are refused with the reason.
  static final Map<String, String> ABSENT =
      Map.ofEntries(
          Map.entry("REDIS_", "this version runs as one process, with cache and fan-out inside it"),
          Map.entry("QDRANT_", NO_MEMORY),
          Map.entry("TEST_QDRANT", NO_MEMORY),
          Map.entry("EMBEDDING_", NO_MEMORY),
          Map.entry("CONTEXT_", NO_MEMORY),
          Map.entry("MEMORY_", NO_MEMORY),
          Map.entry("TOOL_", NO_TOOLS),
          Map.entry("APPROVAL_", NO_TOOLS),
          Map.entry("AGENT_MAX_CONCURRENCY", "each agent's own concurrency_limit decides"),
          Map.entry(
              "JWT_REFRESH_TOKEN_EXPIRE_DAYS",
              "the only refresh token is the cookie of local sign-in, which lasts 30 days"));

  private Settings() {}

  /// Why this version refuses that name of a part it does not have; null when the name is none.
  static @Nullable String absent(String name) {
    return ABSENT.entrySet().stream()
        .filter(entry -> name.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  private static <T> Setting<T> add(
      Area area, String name, Kind<T> kind, @Nullable String fallback, String effect) {
    return add(area, name, kind, fallback, fallback, effect, false);
  }

  private static <T> Setting<T> secret(Area area, String name, Kind<T> kind, String effect) {
    return add(area, name, kind, null, null, effect, true);
  }

  private static <T> Setting<T> add(
      Area area,
      String name,
      Kind<T> kind,
      @Nullable String local,
      @Nullable String production,
      String effect,
      boolean secret) {
    var setting = new Setting<>(name, area, kind, local, production, secret, effect);
    LIST.add(setting);
    return setting;
  }
}
