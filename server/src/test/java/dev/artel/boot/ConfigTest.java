package dev.artel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.artel.base.CannotStart;
import dev.artel.base.Secret;
import dev.artel.db.DbSettings;
import dev.artel.llm.ModelSettings;
import dev.artel.llm.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
  private static final String KEY = "9f86d081884c7d659a2feaa0c55ad015";

  @TempDir Path home;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void own_home() {
    environment.put("ARTEL_HOME", home.toString());
  }

  @Test
  void without_settings_one_person_is_served_on_loopback_from_an_embedded_database() {
    assertThat(Config.of(environment))
        .isEqualTo(
            new Config(
                new Config.Service(
                    "artel",
                    Config.Mode.LOCAL,
                    home,
                    Config.LogLevel.WARN,
                    "127.0.0.1",
                    8000,
                    List.of(),
                    List.of()),
                new Config.Database(null, 10, 20, Duration.ofSeconds(30)),
                new Config.Tokens(
                    Config.Algorithm.HS256,
                    null,
                    null,
                    null,
                    null,
                    null,
                    false,
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(30)),
                new Config.Models(ModelSettings.of(true, Map.of()), Surroundings.of(Map.of())),
                new Config.Limits(6000, 20),
                new Config.Streams(
                    Duration.ofSeconds(30), 1000, 100, Duration.ofSeconds(300), Duration.ZERO, 90),
                new Config.Agents(100, Duration.ofSeconds(600), Duration.ofSeconds(25)),
                new Config.Metrics(true, 9091),
                new Config.Cors(List.of(), true, List.of("*"), List.of("*")),
                "ARTEL_HOME=" + home + " (environment)"));
  }

  @Test
  void production_mode_has_its_own_defaults() {
    Config config = production();

    assertThat(config.service().host()).isEqualTo("0.0.0.0");
    assertThat(config.service().logLevel()).isEqualTo(Config.LogLevel.INFO);
    assertThat(config.limits().perMinute()).isEqualTo(100);
    assertThat(config.cors().origins())
        .containsExactly("http://localhost:3000", "http://localhost:8080");
  }

  @ParameterizedTest
  @CsvSource({
    "ARTEL_PROT, ARTEL_PORT",
    "ARTEL_DATABSE_URL, ARTEL_DATABASE_URL",
    "ARTEL_port, ARTEL_PORT",
    "ARTEL_JWT_SECRET, ARTEL_JWT_SECRET_KEY",
    "ARTEL_OPENAI_KEY, ARTEL_OPENAI_API_KEY"
  })
  void an_unknown_name_stops_the_start_and_names_the_nearest_known_one(
      String unknown, String nearest) {
    environment.put(unknown, "1");

    refused("unknown setting %s, did you mean %s?".formatted(unknown, nearest));
  }

  @Test
  void a_name_that_resembles_none_points_at_the_reference() {
    environment.put("ARTEL_SOMETHING_ELSE_ENTIRELY", "1");

    assertThatExceptionOfType(CannotStart.class)
        .isThrownBy(this::config)
        .withMessageStartingWith(
            "unknown setting ARTEL_SOMETHING_ELSE_ENTIRELY; docs/configuration.md lists");
  }

  @Test
  void names_without_prefix_never_reach_artel() {
    environment.put("DATABASE_URL", "postgresql://other:project@db/other");
    environment.put("PORT", "3000");

    assertThat(config().service().port()).isEqualTo(8000);
    assertThat(config().database().external()).isNull();
  }

  @Test
  void a_setting_of_a_part_that_is_not_there_is_refused_with_the_reason() {
    environment.put("ARTEL_REDIS_URL", "redis://cache:6379");

    refused(
        "ARTEL_REDIS_URL has no effect here: this version runs as one process, with cache and fan-out inside it; remove it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ARTEL_PORT|80a|ARTEL_PORT must be a whole number from 0 to 65535, not '80a'",
        "ARTEL_PORT|65536|ARTEL_PORT must be a whole number from 0 to 65535, not '65536'",
        "ARTEL_MODE|prod|ARTEL_MODE must be local or production, not 'prod'",
        "ARTEL_PROMETHEUS_ENABLED|yes|ARTEL_PROMETHEUS_ENABLED must be true or false, not 'yes'",
        "ARTEL_JWT_CLOCK_SKEW|61|ARTEL_JWT_CLOCK_SKEW must be seconds, a whole number from 0 to 60, not '61'",
        "ARTEL_MESSAGE_WAIT_LIMIT|601|ARTEL_MESSAGE_WAIT_LIMIT must be seconds, a whole number from 1 to 600, not '601'",
        "ARTEL_CORS_ORIGINS|https://a.example/|ARTEL_CORS_ORIGINS must be a list of origins such as https://app.example.com, separated by commas, not 'https://a.example/'",
        "ARTEL_OPENAI_BASE_URL|localhost:8080|ARTEL_OPENAI_BASE_URL must be an http or https URL with a host, not 'localhost:8080'",
        "ARTEL_DATABASE_URL|jdbc:postgresql://db/artel|ARTEL_DATABASE_URL must be a URL such as postgresql://ROLE:PASSWORD@HOST:5432/DATABASE",
        "ARTEL_HOST|0.0.0.0|ARTEL_HOST must be 127.0.0.1 in local mode, not '0.0.0.0'; to serve others set ARTEL_MODE=production",
        "ARTEL_DATABASE_POOL_SIZE|31|ARTEL_DATABASE_POOL_SIZE + ARTEL_DATABASE_MAX_OVERFLOW must be between 10 and 50, not 51",
        "ARTEL_MODEL_ENDPOINTS|lab|ARTEL_MODEL_ENDPOINTS must be a list name=url,name=url with names of a-z, 0-9, - and _",
        "ARTEL_JWT_ALGORITHM|RS256|ARTEL_JWT_JWKS_URL is missing, which ARTEL_JWT_ALGORITHM=RS256 needs",
        "ARTEL_JWT_SECRET_KEY|short|ARTEL_JWT_SECRET_KEY has 5 bytes and must have at least 32: make one with openssl rand -hex 32",
        "ARTEL_JWT_SECRET_KEY|your-secret-key-change-in-production-0123456789|ARTEL_JWT_SECRET_KEY can be guessed: make a random one with openssl rand -hex 32",
        "ARTEL_JWT_SECRET_KEY|aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|ARTEL_JWT_SECRET_KEY can be guessed: make a random one with openssl rand -hex 32",
      })
  void a_value_that_does_not_fit_is_refused_with_what_would(
      String name, String value, String line) {
    environment.put(name, value);

    refused(line);
  }

  @Test
  void all_faults_are_told_at_once() {
    environment.put("ARTEL_PORT", "x");
    environment.put("ARTEL_PROT", "1");

    refused(
        """
        unknown setting ARTEL_PROT, did you mean ARTEL_PORT?
        ARTEL_PORT must be a whole number from 0 to 65535, not 'x'\
        """);
  }

  @Test
  void production_mode_without_a_signing_key_is_refused() {
    environment.put("ARTEL_MODE", "production");

    refused(
        "ARTEL_JWT_SECRET_KEY is missing, which production mode needs with HS256: set one of at least 32 random bytes (openssl rand -hex 32), or ARTEL_JWT_ALGORITHM=RS256 with ARTEL_JWT_JWKS_URL");
  }

  @Test
  void production_mode_refuses_to_lift_the_request_limits() {
    environment.put("ARTEL_RATE_LIMIT_PER_MINUTE", "0");
    assertThat(config().limits().perMinute()).isZero();

    environment.put("ARTEL_MODE", "production");
    environment.put("ARTEL_JWT_SECRET_KEY", KEY);
    refused("ARTEL_RATE_LIMIT_PER_MINUTE must be at least 1 in production mode");
  }

  @Test
  void the_file_in_the_home_takes_the_same_names_and_the_environment_wins() throws IOException {
    write("ARTEL_PORT=9000\nARTEL_APP_NAME=from file\n");
    environment.put("ARTEL_PORT", "9001");

    assertThat(config().service())
        .extracting(Config.Service::port, Config.Service::name)
        .containsExactly(9001, "from file");
    assertThat(config().summary())
        .isEqualTo(
            "ARTEL_APP_NAME=from file (artel.properties), ARTEL_HOME=%s (environment), ARTEL_PORT=9001 (environment)"
                .formatted(home));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ARTEL_HOME=/elsewhere|ARTEL_HOME cannot stand in artel.properties, which is read from that folder; set it in the environment",
        "PORT=1|unknown setting PORT, did you mean ARTEL_PORT? (in artel.properties)",
        "OPENAI_API_KEY=sk-1|unknown setting OPENAI_API_KEY, did you mean ARTEL_OPENAI_API_KEY? (in artel.properties)",
      })
  void the_file_takes_nothing_else(String text, String line) throws IOException {
    write(text);

    refused(line);
  }

  @Test
  void blank_counts_as_not_given() {
    environment.put("ARTEL_PORT", " ");

    assertThat(config().service().port()).isEqualTo(8000);
  }

  @Test
  void the_three_addresses_of_an_external_database_come_together() {
    environment.put(
        "ARTEL_DATABASE_URL", "postgresql://artel_app:p%40ss+1@db:5433/artel?sslmode=require");
    refused(
        "ARTEL_DATABASE_URL, ARTEL_DATABASE_OWNER_URL and ARTEL_DATABASE_DISPATCH_URL must be given together, one for each role (docs/operations.md)");

    environment.put("ARTEL_DATABASE_OWNER_URL", "postgres://artel_owner:o@db/artel");
    environment.put("ARTEL_DATABASE_DISPATCH_URL", "postgresql://artel_dispatch:d@[::1]/artel");
    assertThat(config().database().external())
        .isEqualTo(
            new Config.Database.External(
                new DbSettings.Address(
                    "jdbc:postgresql://db:5433/artel?sslmode=require", "artel_app", "p@ss+1"),
                new DbSettings.Address("jdbc:postgresql://db/artel", "artel_owner", "o"),
                new DbSettings.Address("jdbc:postgresql://[::1]/artel", "artel_dispatch", "d")));
  }

  @Test
  void what_people_have_in_their_environment_is_looked_for_in_local_mode_alone() {
    environment.put("OPENAI_API_KEY", "sk-found");
    environment.put("PATH", "/bin");
    environment.put("ARTEL_MODEL_ENDPOINTS", "lab=http://lab:1/v1");
    environment.put("ARTEL_MODEL_ENDPOINT_LAB_KEY", "sk-lab");

    assertThat(config().models())
        .isEqualTo(
            new Config.Models(
                ModelSettings.of(
                    true,
                    Map.of(
                        "MODEL_ENDPOINTS", "lab=http://lab:1/v1",
                        "MODEL_ENDPOINT_LAB_KEY", "sk-lab")),
                Surroundings.of(Map.of("OPENAI_API_KEY", "sk-found"))));
    assertThat(production().models().around()).isEqualTo(Surroundings.none());
  }

  @Test
  void no_secret_shows_in_any_text() {
    environment.put("OPENAI_API_KEY", "sk-found-hushhush");
    environment.put("ARTEL_ANTHROPIC_API_KEY", "sk-ant-hushhush");
    environment.put("ARTEL_MODEL_ENDPOINTS", "lab=http://lab:1/v1");
    environment.put("ARTEL_MODEL_ENDPOINT_LAB_KEY", "sk-lab-hushhush");
    environment.put("ARTEL_JWT_SECRET_KEY", KEY + "hushhush");
    environment.put("ARTEL_JWT_PREVIOUS_SECRET_KEY", KEY + "hushhush");
    for (String role : List.of("", "_OWNER", "_DISPATCH")) {
      environment.put("ARTEL_DATABASE" + role + "_URL", "postgresql://a:hushhush@db/artel");
    }

    Config config = config();
    assertThat(config.toString()).doesNotContain("hushhush").contains("ARTEL_JWT_SECRET_KEY=***");
    assertThat(config.tokens().secret()).isEqualTo(new Secret(KEY + "hushhush"));

    environment.put("ARTEL_DATABASE_URL", "mysql://a:hushhush@db/artel");
    environment.put("ARTEL_JWT_PREVIOUS_SECRET_KEY", "hushhush");
    assertThatExceptionOfType(CannotStart.class)
        .isThrownBy(this::config)
        .satisfies(refusal -> assertThat(refusal.line()).doesNotContain("hushhush"));
  }

  private Config config() {
    return Config.of(environment);
  }

  private Config production() {
    environment.put("ARTEL_MODE", "production");
    environment.put("ARTEL_JWT_SECRET_KEY", KEY);
    return config();
  }

  private void refused(String line) {
    assertThatExceptionOfType(CannotStart.class).isThrownBy(this::config).withMessage(line);
  }

  private void write(String text) throws IOException {
    Files.writeString(home.resolve("artel.properties"), text);
  }
}
