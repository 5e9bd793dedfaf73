package dev.artel.event;

import dev.artel.http.Caller;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
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
    String clientIp) {

  public StreamRequest {
    types = types == null ? null : Set.copyOf(types);
  }

  /// Where a stream begins.
  public sealed interface Resume {
    /// With what comes from now on.
    record Live() implements Resume {}

    /// Behind that event.
    record After(EventId event) implements Resume {}

    /// With the first event of that time or later.
    record Since(Instant time) implements Resume {}
  }
}
