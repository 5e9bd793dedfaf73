package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Everything that a stream can say. Closed on purpose: a new kind must be given a schema, a place
/// in the clients' reducer and a test before it compiles. A record's components are the payload;
/// the tag on the wire is the record's name in snake_case.
public sealed interface Event {

  /// The tag on the wire, such as `message_created`.
  default String type() {
    return snakeCase(getClass().getSimpleName());
  }

  /// The task that this is about or that caused it; null when there is none.
  default @Nullable TaskId taskId() {
    return null;
  }

  static String snakeCase(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  /// An event that is stored in the log, has an id and numbers, and can be replayed.
  sealed interface Logged extends Event {
    /// What changed: the kind of thing and its id.
    Aggregate aggregate();
  }

  /// A line that is told to those who listen, to whoever asked for it, and never stored.
  sealed interface Live extends Event {}

  /// A line about the connection itself.
  sealed interface Connection extends Event {}

  /// The thing that an event is about.
  record Aggregate(String type, UUID id) {}

  private static Aggregate session(SessionId id) {
    return new Aggregate("session", id.value());
  }

  private static Aggregate message(MessageId id) {
    return new Aggregate("message", id.value());
  }

  private static Aggregate agent(AgentId id) {
    return new Aggregate("agent", id.value());
  }

  private static Aggregate task(TaskId id) {
    return new Aggregate("task", id.value());
  }

  // Conversation

  /// A message was stored: final, exactly once a message.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record MessageCreated(
      MessageId messageId,
      SessionId sessionId,
      MessageRole role,
      String content,
      @Nullable Map<String, Object> payload,
      @Nullable AgentId agentId,
      @Nullable String agentName,
      @Nullable MessageId userMessageId,
      @Nullable String provider,
      @Nullable String model,
      @Nullable Boolean demo,
      @Nullable Usage usage,
      @Nullable Latency latency,
      @Nullable FinishReason finishReason,
      @Nullable Integer attempt,
      @Nullable Integer contextUsed,
      @Nullable Long tokensUsed,
      @Nullable Long executionTimeMs,
      @Nullable MessageStatus status,
      @Nullable String targetAgent,
      @Nullable TaskId taskId,
      @Nullable MessageId editedFrom,
      @Nullable String clientRef)
      implements Logged {
    @Override
    public Aggregate aggregate() {
      return message(messageId);
    }
  }

  /// A stored message changed.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record MessageUpdated(
      MessageId messageId,
      SessionId sessionId,
      @Nullable MessageStatus oldStatus,
      @Nullable MessageStatus status,
      @Nullable String content,
      @Nullable String targetAgent,
      @Nullable MessageId before,
      @Nullable String error,
      @Nullable String errorType,
      @Nullable MessageId supersededBy,
      @Nullable MessageId editedFrom,
      @Nullable Boolean redacted,
      @Nullable TaskId taskId)
      implements Logged {
    @Override
    public Aggregate aggregate() {
      return message(messageId);
    }
  }

  /// A queued message was dropped.
  record MessageDeleted(MessageId messageId, SessionId sessionId) implements Logged {
    @Override
    public Aggregate aggregate() {
      return message(messageId);
    }
  }

  /// A piece of an answer that is being written.
  ///
  /// @param offset UTF-16 units of this kind before `text`
  /// @param snapshot the text so far, sent when a stream opens
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record MessageDelta(
      MessageId messageId,
      MessageId userMessageId,
      TaskId taskId,
      AgentId agentId,
      String agentName,
      int attempt,
      DeltaKind kind,
      int offset,
      String text,
      boolean snapshot)
      implements Live {}

  record SessionCreated(
      SessionId sessionId,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String title,
      boolean pinned,
      boolean archived,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable ForkedFrom forkedFrom)
      implements Logged {
    @Override
    public Aggregate aggregate() {
      return session(sessionId);
    }
  }

  record SessionUpdated(
      SessionId sessionId,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String title,
      boolean pinned,
      boolean archived,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable ForkedFrom forkedFrom)
      implements Logged {
    @Override
    public Aggregate aggregate() {
      return session(sessionId);
    }
  }

  /// A session and everything in it is gone. Told on the project's feed only.
  record SessionDeleted(SessionId sessionId) implements Logged {
    @Override
    public Aggregate aggregate() {
      return session(sessionId);
    }
  }

  /// Where a branched session began.
  record ForkedFrom(SessionId sessionId, @Nullable MessageId messageId) {}

  // Project and agents

  record ProjectUpdated(
      ProjectId id,
      String name,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String workspacePath,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable UUID runnerId)
      implements Logged {
    @Override
    public Aggregate aggregate() {
      return new Aggregate("project", id.value());
    }
  }

  record AgentCreated(AgentId agentId, String agentName, int version, List<String> changed)
      implements Logged {
    @Override
    public Aggregate aggregate() {
      return agent(agentId);
    }
  }

  record AgentUpdated(AgentId agentId, String agentName, int version, List<String> changed)
      implements Logged {
    @Override
    public Aggregate aggregate() {
      return agent(agentId);
    }
  }

  record AgentDeleted(AgentId agentId, String agentName, int version, List<String> changed)
      implements Logged {
    @Override
    public Aggregate aggregate() {
      return agent(agentId);
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record AgentStatusChanged(
      AgentId agentId,
      String agentName,
      AgentStatus oldStatus,
      AgentStatus newStatus,
      StatusReason reason,
      @Nullable String error)
      implements Logged {
    @Override
    public Aggregate aggregate() {
      return agent(agentId);
    }
  }

  // Work

  /// The user's message goes to the agent they named.
  record DirectAgentCall(
      AgentId agentId, String agentName, TaskId taskId, MessageId messageId, String message)
      implements Logged {
    @Override
    public Aggregate aggregate() {
      return task(taskId);
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record TaskQueued(
      TaskId taskId,
      AgentId agentId,
      int queueSize,
      int queueCapacity,
      int priority,
      @Nullable MessageId messageId)
      implements Logged {
    @Override
    public Aggregate aggregate() {
      return task(taskId);
    }
  }

  record TaskStarted(TaskId taskId, AgentId agentId, String agentName, int attempt)
      implements Logged {
    @Override
    public Aggregate aggregate() {
      return task(taskId);
    }
  }

  record TaskProgress(TaskId taskId, AgentId agentId, int progressPercent, String message)
      implements Logged {
    @Override
    public Aggregate aggregate() {
      return task(taskId);
    }
  }

  /// A step of a task's journal begins, or ends.
  ///
  /// @param attempt 1 at the step's first run; a higher one replaces what a lower one told
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record TaskStep(
      TaskId taskId,
      AgentId agentId,
      int step,
      StepKind kind,
      String title,
      StepPhase status,
      int attempt,
      @Nullable Long durationMs,
      @Nullable Long tokensIn,
      @Nullable Long tokensOut,
      @Nullable BigDecimal costUsd,
      @Nullable String errorType)
      implements Logged {
    @Override
    public Aggregate aggregate() {
      return task(taskId);
    }
  }

  /// A temporary error: the task waits and is then tried again.
  ///
  /// @param attempt the one that met the error
  record TaskRetryScheduled(
      TaskId taskId, AgentId agentId, int attempt, Instant retryAt, String errorType)
      implements Logged {
    @Override
    public Aggregate aggregate() {
      return task(taskId);
    }
  }

  /// @param responsePreview the first 200 characters of the answer
  /// @param duration seconds of running time
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record TaskCompleted(
      TaskId taskId,
      AgentId agentId,
      String agentName,
      TaskStatus status,
      @Nullable Map<String, Object> result,
      String responsePreview,
      BigDecimal duration,
      long executionTimeMs)
      implements Logged {
    @Override
    public Aggregate aggregate() {
      return task(taskId);
    }
  }

  record TaskFailed(
      TaskId taskId,
      AgentId agentId,
      String agentName,
      String error,
      String errorType,
      int attempts)
      implements Logged {
    @Override
    public Aggregate aggregate() {
      return task(taskId);
    }
  }

  record TaskCancelled(TaskId taskId, AgentId agentId, String reason) implements Logged {
    @Override
    public Aggregate aggregate() {
      return task(taskId);
    }
  }

  /// Work failed: the part of it that a person should read.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Failure(
      String error,
      String errorType,
      String message,
      @Nullable AgentId agentId,
      @Nullable String agentName,
      @Nullable TaskId taskId)
      implements Logged {
    @Override
    public String type() {
      return "error";
    }

    @Override
    public Aggregate aggregate() {
      return new Aggregate(
          taskId != null ? "task" : "agent",
          taskId != null ? taskId.value() : agentId != null ? agentId.value() : new UUID(0, 0));
    }
  }

  // Connection

  /// A sign of life, and the id of the last event that this connection has passed.
  record Heartbeat(
      Instant timestamp, @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable EventId position)
      implements Connection {}

  /// The position that was asked for is unknown, or no longer in the log.
  record ReplayGap(
      String requested,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable EventId oldestAvailableEventId,
      String eventsUrl)
      implements Connection {}

  /// The last line of a stream.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SessionClosed(CloseReason reason, @Nullable Integer reconnectAfterSeconds)
      implements Connection {}

  /// The server ends this connection because of a fault of the connection's own.
  record ConnectionError(String error, String errorType, String message) implements Connection {
    @Override
    public String type() {
      return "error";
    }
  }
}
