package dev.artel.testing;

import java.util.List;

/// What must hold for every request that a model provider receives, whoever sends it.
final class RequestRules {
  private RequestRules() {}

  static void check(ReceivedRequest request, List<String> wrong) {
    if (request.model().isBlank()) {
      wrong.add("a model must be named");
    }
    String system = request.system();
    if (system == null || system.isBlank()) {
      wrong.add("a system prompt must be sent");
    }
    if (!"application/json".equals(request.headers().get("content-type"))) {
      wrong.add("content type must be application/json");
    }
    Integer limit = request.maxTokens();
    if (limit == null || limit < 1) {
      wrong.add("a token limit must be sent");
    }
    String expected = "user";
    for (ReceivedRequest.Turn turn : request.turns()) {
      if (!turn.role().equals(expected)) {
        wrong.add("roles must alternate and begin with the user: " + roles(request));
        return;
      }
      if (turn.text().isBlank()) {
        wrong.add("no message may be blank");
      }
      expected = expected.equals("user") ? "assistant" : "user";
    }
    if (!expected.equals("assistant")) {
      wrong.add("the last message must be the user's: " + roles(request));
    }
  }

  static void checkExpected(ReceivedRequest request, Reply reply, List<String> wrong) {
    String asking = reply.asking;
    if (asking != null) {
      // A message whose answer failed stands before the current one, joined to it.
      String last = request.lastText();
      if (!last.equals(asking) && !last.endsWith("\n\n" + asking)) {
        wrong.add("the current message must be '" + asking + "', not '" + last + "'");
      }
      long times = request.turns().stream().filter(turn -> turn.text().contains(asking)).count();
      if (times != 1) {
        wrong.add("the current message must occur once, not " + times + " times");
      }
    }
    if (reply.model != null && !reply.model.equals(request.model())) {
      wrong.add("the model must be " + reply.model + ", not " + request.model());
    }
    if (reply.system != null && !reply.system.equals(request.system())) {
      wrong.add("the system prompt must be sent verbatim, not as '" + request.system() + "'");
    }
  }

  private static List<String> roles(ReceivedRequest request) {
    return request.turns().stream().map(ReceivedRequest.Turn::role).toList();
  }
}
