package dev.artel.event;

import dev.artel.http.Caller;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import java.time.Instant;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What a connection wants to follow, from where, and how long it may.
///
/// @param session null for the project's feed
/// @param types the only event types to send; null for all
/// @param deltas whether live-only lines are wanted
/// @param strict whether even lines about the connection are held to `types`
/// @param caller whose token opened the stream; its end is the stream's
/// @param stillThere asked once the stream is registered: whether what it follows still exists
/// @param task the only task to follow; null for all that the session, or the project, tells
/// @param clientIp for the log
public record StreamRequest(
    UserId user,
    ProjectId project,
    @Nullable SessionId session,
    Format format,
    Resume resume,
    @Nullable Set<String> types,
    boolean strict,
    boolean deltas,
    Caller caller,
    BooleanSupplier stillThere,
    @Nullable FollowedTask task,
    String clientIp) {

  public StreamRequest {
    types = types == null ? null : Set.copyOf(types);
  }

  private static final Set<String> TASK_ENDS =
      Set.of("task_completed", "task_failed", "task_cancelled");

  boolean wants(Line line) {
    return switch (line.kind()) {
      case CONNECTION -> !strict || listed(line);
      case LIVE -> deltas && listed(line) && isOfTask(line);
      case LOGGED -> listed(line) && isOfTask(line);
    };
  }

  private boolean listed(Line line) {
    return types == null || types.contains(line.type()) || line.type().equals("error");
  }

  private boolean isOfTask(Line line) {
    return task == null || task.id().equals(line.task());
  }

  /// Whether the stream is over with that line: it tells how the task ended that is followed.
  boolean endsWith(Line line) {
    return task != null && isOfTask(line) && TASK_ENDS.contains(line.type());
  }

  /// Whether a waiting reader has something to do because of that line.
  boolean wakesFor(Line line) {
    return wants(line) || endsWith(line);
  }

  /// A task whose events alone are wanted, up to its end.
  ///
  /// @param ended asked once the stream has passed everything that was there when it opened:
  ///   whether the task has ended, and its last event is therefore in the log
  public record FollowedTask(TaskId id, BooleanSupplier ended) {}

  /// Where a stream begins.
  public sealed interface Resume {
    /// With what comes from now on; a task's stream with its past.
    record Live() implements Resume {}

    /// Behind that event.
    record After(EventId event) implements Resume {}

    /// With the first event of that time or later.
    record Since(Instant time) implements Resume {}
  }
}
