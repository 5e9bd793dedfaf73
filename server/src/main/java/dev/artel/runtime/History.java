package dev.artel.runtime;

import dev.artel.llm.ModelMessage;
import dev.artel.llm.TokenCounter;
import dev.artel.protocol.MessageRole;
import java.util.ArrayList;
import java.util.List;

/// How much of a conversation a model is shown: the newest messages within both bounds.
final class History {
  static final int MESSAGES_MAX = 10;
  static final int TOKENS_MAX = 4_000;

  private History() {}

  /// The newest of the given messages (oldest first) that fit. A message that does not fit ends the
  /// history; none is cut.
  static List<ModelMessage> fitting(List<Conversation.Spoken> spoken, TokenCounter counter) {
    var kept = new ArrayList<ModelMessage>();
    int tokens = 0;
    for (Conversation.Spoken said : spoken.reversed()) {
      ModelMessage message = shown(said);
      tokens += counter.count(message);
      if (tokens > TOKENS_MAX || kept.size() == MESSAGES_MAX) {
        break;
      }
      kept.add(message);
    }
    return kept.reversed();
  }

  /// A model knows two speakers: itself, and everybody else.
  private static ModelMessage shown(Conversation.Spoken said) {
    return said.by() == MessageRole.ASSISTANT
        ? new ModelMessage.Assistant(said.text())
        : new ModelMessage.User(said.text());
  }
}
