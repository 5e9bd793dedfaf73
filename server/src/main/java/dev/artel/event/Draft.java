package dev.artel.event;

import dev.artel.protocol.AgentId;
import dev.artel.protocol.Event;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import org.jspecify.annotations.Nullable;

/// An event on its way into the log: what happened and where, still without numbers.
///
/// @param session the session that caused it; null for what concerns the project alone
public record Draft(
    ProjectId project, @Nullable SessionId session, @Nullable AgentId agent, Event.Logged event) {

  public static Draft in(ProjectId project, Event.Logged event) {
    return new Draft(project, null, null, event);
  }

  public static Draft in(ProjectId project, @Nullable SessionId session, Event.Logged event) {
    return new Draft(project, session, null, event);
  }

  /// The same event, found again under its agent.
  public Draft by(AgentId by) {
    return new Draft(project, session, by, event);
  }
}
