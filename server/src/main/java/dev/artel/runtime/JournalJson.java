package dev.artel.runtime;

import dev.artel.llm.ModelMessage;
import dev.artel.llm.ModelRequest;
import dev.artel.llm.Resolution.Served;
import dev.artel.protocol.FinishReason;
import dev.artel.protocol.WireCodec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How the journal spells what went into a step and what came out. Journals outlive the code that
/// wrote them: whatever is changed here must read the old ones, which stand in the tests.
final class JournalJson {
  private static final String FINISH_REASON = "finish_reason";

  private JournalJson() {}

  /// What a model is asked.
  record ModelInput(
      String provider,
      String model,
      String system,
      List<Spoken> messages,
      double temperature,
      int maxTokens) {
    static ModelInput of(Served served, ModelRequest request) {
      return new ModelInput(
          served.provider(),
          served.model(),
          request.system(),
          request.messages().stream().map(Spoken::of).toList(),
          request.temperature(),
          request.maxTokens());
    }
  }

  record Spoken(String role, String text) {
    static Spoken of(ModelMessage message) {
      return switch (message) {
        case ModelMessage.User(String text) -> new Spoken("user", text);
        case ModelMessage.Assistant(String text) -> new Spoken("assistant", text);
      };
    }
  }

  static String input(ModelInput input) {
    return WireCodec.json().writeValueAsString(input);
  }

  static String hash(String input) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(input.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static String output(StepOutcome outcome) {
    ObjectNode output = WireCodec.json().valueToTree(outcome.said());
    if (outcome instanceof StepOutcome.Answered answered) {
      output.put(FINISH_REASON, answered.finishReason().word());
    }
    return output.toString();
  }

  static StepOutcome.Answered answered(String output) {
    JsonNode node = WireCodec.json().readTree(output);
    return new StepOutcome.Answered(
        WireCodec.json().treeToValue(node, Said.class),
        WireCodec.json().treeToValue(node.get(FINISH_REASON), FinishReason.class));
  }

  static Said said(String output) {
    return WireCodec.json().readValue(output, Said.class);
  }
}
