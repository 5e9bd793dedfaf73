package dev.artel.llm;

import java.util.ArrayList;
import java.util.List;

/// What a model is asked. `system` is sent verbatim, alone in the first system message. The
/// messages are brought into the form that every provider takes: they open with the user, and roles
/// alternate.
public record ModelRequest(
    String system, List<ModelMessage> messages, double temperature, int maxTokens) {
  public ModelRequest {
    if (system.isBlank()) {
      throw new IllegalArgumentException("a request needs a system prompt");
    }
    if (!(temperature >= 0 && temperature <= 2)) {
      throw new IllegalArgumentException("temperature must be 0..2, not " + temperature);
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens must be positive, not " + maxTokens);
    }
    messages = alternating(messages);
    if (messages.isEmpty() || !(messages.getLast() instanceof ModelMessage.User)) {
      throw new IllegalArgumentException("a request ends with a message of the user");
    }
  }

  // A failed turn leaves two user messages in a row, and a history window may open with an answer.
  // Anthropic and many local chat templates refuse both. Neighbours are joined; an answer whose
  // question is outside the window goes with it.
  private static List<ModelMessage> alternating(List<ModelMessage> given) {
    List<ModelMessage> joined = new ArrayList<>();
    for (ModelMessage message : given) {
      if (message.text().isBlank()
          || (joined.isEmpty() && message instanceof ModelMessage.Assistant)) {
        continue;
      }
      if (!joined.isEmpty() && joined.getLast().getClass() == message.getClass()) {
        joined.add(join(joined.removeLast(), message.text()));
      } else {
        joined.add(message);
      }
    }
    return List.copyOf(joined);
  }

  private static ModelMessage join(ModelMessage earlier, String later) {
    return switch (earlier) {
      case ModelMessage.User(String text) -> new ModelMessage.User(text + "\n\n" + later);
      case ModelMessage.Assistant(String text) -> new ModelMessage.Assistant(text + "\n\n" + later);
    };
  }

  @Override
  public String toString() {
    // Prompts are never logged.
    return "ModelRequest[" + messages.size() + " messages, maxTokens=" + maxTokens + "]";
  }
}
