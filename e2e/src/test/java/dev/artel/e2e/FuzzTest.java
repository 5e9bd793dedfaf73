package dev.artel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The running service, asked by schemathesis whatever its own document allows and forbids. What is
/// asked and what is left out, with the reason of each, is in `e2e/fuzz/schemathesis.toml`.
@ExtendWith(FuzzTest.Needed.class)
class FuzzTest {
  /// Cases of each operation beside those that every boundary of its schema gives.
  private static final String EXAMPLES = "8";

  /// What Python before 3.11.5 says now and then when it has lost count of its own recursion.
  private static final String STUMBLE = "AST constructor recursion depth mismatch";

  /// Skipped, and said so, where `./dev test --install` has not been.
  static final class Needed implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      String lacking =
          Needs.fuzzer() == null
              ? "no schemathesis; ./dev test --install brings it"
              : Needs.packaged() ? null : "the service is not packaged; mvn package makes it";
      if (lacking == null) {
        return ConditionEvaluationResult.enabled("all there");
      }
      if (context.getTestMethod().isEmpty()) {
        System.out.println("SKIPPED " + context.getDisplayName() + ": " + lacking);
      }
      return ConditionEvaluationResult.disabled(lacking);
    }
  }

  /// @param token whose it is
  /// @param ids of things of theirs, by the names that the settings of the fuzzer use
  private record Estate(String token, Map<String, String> ids) {
    static Estate of(ArtelProcess service, String token) {
      String project = service.get(token, "/my/me").get("default_project_id").asString();
      String session = id(service.post(token, "/my/chat/sessions", "{}"));
      JsonNode answer =
          service.post(token, "/my/chat/" + session + "/message", "{\"content\": \"Hello\"}");
      String agent =
          id(
              service.post(
                  token,
                  "/my/agents",
                  "{\"name\": \"Fuzzed\", \"config\": {\"system_prompt\": \"Be brief.\"}}"));
      return new Estate(
          token,
          Map.of(
              "ARTEL_FUZZ_PROJECT",
              project,
              "ARTEL_FUZZ_SESSION",
              session,
              "ARTEL_FUZZ_MESSAGE",
              answer.get("user_message_id").asString(),
              "ARTEL_FUZZ_AGENT",
              agent,
              "ARTEL_FUZZ_EVENT",
              id(service.get(token, "/my/events?limit=1").at("/events/0"))));
    }

    private static String id(JsonNode thing) {
      return thing.get("id").asString();
    }
  }

  @Test
  void nothing_breaks_it_and_every_answer_is_one_that_its_document_names(@TempDir Path folder)
      throws Exception {
    Map<String, String> settings =
        Map.of("ARTEL_RATE_LIMIT_PER_MINUTE", "0", "ARTEL_MESSAGE_WAIT_LIMIT", "2");
    var found = new ArrayList<String>();
    try (ArtelProcess service = ArtelProcess.start(folder.resolve("home"), 0, settings)) {
      Estate user = Estate.of(service, service.token(UUID.randomUUID()));
      Estate admin = Estate.of(service, service.token(UUID.randomUUID(), "system_admin"));
      // What is deleted cannot be asked for any more: that comes last.
      run(
          folder,
          service,
          user,
          found,
          "--exclude-path-regex",
          "^/admin/",
          "--exclude-method",
          "DELETE");
      run(
          folder,
          service,
          user,
          found,
          "--exclude-path-regex",
          "^/admin/",
          "--include-method",
          "DELETE");
      run(folder, service, admin, found, "--include-path-regex", "^/admin/");
      assertThat(service.status(admin.token(), "/my/me"))
          .as("whose token has ended sees little but 401")
          .isEqualTo(200);
    }
    assertThat(found).isEmpty();
  }

  private static void run(
      Path folder, ArtelProcess service, Estate who, List<String> found, String... operations)
      throws Exception {
    Path said = folder.resolve("said");
    var command =
        new ArrayList<>(
            List.of(
                String.valueOf(Needs.fuzzer()),
                "--config-file",
                Needs.fuzzing().resolve("schemathesis.toml").toString(),
                "run",
                "http://127.0.0.1:" + service.port() + "/my/openapi.json",
                "--no-color",
                "--phases",
                "examples,coverage,fuzzing",
                "--max-examples",
                EXAMPLES));
    command.addAll(List.of(operations));
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(who.ids());
    builder.environment().put("ARTEL_FUZZ_TOKEN", who.token());
    builder.redirectErrorStream(true).redirectOutput(said.toFile());
    boolean clean = builder.start().waitFor() == 0;
    // Its own stumble says nothing of the service: the whole run is repeated, once.
    if (!clean && Files.readString(said).contains(STUMBLE)) {
      clean = builder.start().waitFor() == 0;
    }
    if (!clean) {
      found.add(Files.readString(said));
    }
  }
}
