package dev.artel.runtime;

import dev.artel.llm.ModelMessage;
import dev.artel.llm.TokenCounter;
import java.util.ArrayList;
import java.util.List;

/// How much of a conversation a model is shown: the newest messages within both bounds.
final class History {
  static final int MESSAGES_MAX = 10;
  static final int TOKENS_MAX = 4_000;

  private History() {}

  /// The newest of the given messages (oldest first) that fit. A message that does not fit ends the
  /// history; none is cut.
  static List<ModelMessage> fitting(List<ModelMessage> messages, TokenCounter counter) {
    var kept = new ArrayList<ModelMessage>();
    int tokens = 0;
    for (ModelMessage message : messages.reversed()) {
      tokens += counter.count(message);
      if (tokens > TOKENS_MAX || kept.size() == MESSAGES_MAX) {
        break;
      }
      kept.add(message);
    }
    return kept.reversed();
  }
}
