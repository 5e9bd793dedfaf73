package dev.artel.event;

import dev.artel.protocol.Event;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lines that a stream sends when it opens, before it replays: what is under way just now. Asked
/// for after the stream was registered, so that nothing falls between them and what follows.
public interface Opening {
  /// The snapshots for a stream that asked for deltas, oldest first.
  ///
  /// @param session null on the project's feed
  List<Event.Live> snapshots(UserId user, ProjectId project, @Nullable SessionId session);
}
