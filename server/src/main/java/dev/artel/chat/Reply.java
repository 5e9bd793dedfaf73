package dev.artel.chat;

import dev.artel.base.Fault;
import dev.artel.bus.Bus;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/// Turns the end of a turn into the answer of the request that waits for it.
final class Reply {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private final History history;
  private final Duration waitLimit;

  /// @param waitLimit how long a request is held open
  Reply(History history, Duration waitLimit) {
    this.history = history;
    this.waitLimit = waitLimit;
  }

  /// Answers at once, or waits for the turn and answers with what is there then.
  ResponseEntity<MessageResponse> to(
      UserId user, Messages.Taken taken, Bus.Wait wait, boolean async) throws InterruptedException {
    if (async) {
      return accepted(taken.question(), TaskStatus.QUEUED);
    }
    var _ = wait.await(waitLimit);
    return now(user, taken.question(), taken.task());
  }

  private static ResponseEntity<MessageResponse> accepted(Message question, TaskStatus status) {
    return ResponseEntity.status(HttpStatus.ACCEPTED)
        .body(MessageResponse.accepted(question, status));
  }

  /// What the turn's present state deserves.
  ///
  /// @throws Fault when it failed
  ResponseEntity<MessageResponse> now(UserId user, Message asked, TaskId task) {
    History.Outcome outcome = history.outcome(user, asked.session(), asked.id(), task);
    return switch (outcome.status()) {
      case QUEUED, RUNNING, AWAITING_APPROVAL, AWAITING_RUNNER ->
          accepted(outcome.question(), outcome.status());
      case COMPLETED, CANCELLED ->
          outcome
              .answer()
              .map(answer -> ResponseEntity.ok(MessageResponse.of(answer)))
              .orElseGet(() -> unanswered(outcome.question()));
      case FAILED -> throw failure(outcome);
    };
  }

  /// Of a question that was stopped before a word of its answer came.
  ResponseEntity<MessageResponse> unanswered(Message question) {
    return ResponseEntity.ok(MessageResponse.accepted(question, TaskStatus.CANCELLED));
  }

  private static Fault failure(History.Outcome outcome) {
    Message question = outcome.question();
    String error = Objects.requireNonNullElse(question.error(), "The work failed.");
    String type = Objects.requireNonNullElse(question.errorType(), "unknown");
    if (type.equals("task_timeout")) {
      return Fault.of(ErrorCode.TASK_TIMEOUT, error);
    }
    if (type.equals("interrupted")) {
      return Fault.of(ErrorCode.AGENT_UNAVAILABLE, error).retryAfter(RETRY_AFTER);
    }
    Map<String, Object> details = new LinkedHashMap<>();
    put(details, "provider", question.provider());
    put(details, "model", question.model());
    put(details, "error_type", type);
    put(details, "agent_id", question.agent());
    put(details, "agent_name", question.agentName());
    put(details, "message_id", question.id());
    Fault fault = Fault.of(ErrorCode.LLM_PROVIDER_ERROR, error).retryAfter(RETRY_AFTER);
    for (var detail : details.entrySet()) {
      fault = fault.with(detail.getKey(), detail.getValue());
    }
    return fault;
  }

  private static void put(Map<String, Object> details, String key, @Nullable Object value) {
    if (value != null) {
      details.put(key, value);
    }
  }
}
