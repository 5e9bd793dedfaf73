package dev.artel.chat;

import dev.artel.agent.Agent;
import dev.artel.agent.Agents;
import dev.artel.base.Fault;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.http.Invalid;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.Event;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds whom a message is for, and refuses it when that agent cannot work.
final class Addressees {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final String UNAVAILABLE = "agent_unavailable";

  private final Db db;
  private final EventLog events;
  private final Agents agents;

  Addressees(Db db, EventLog events, Agents agents) {
    this.db = db;
    this.events = events;
    this.agents = agents;
  }

  /// How the target was named: by the field, or by a leading `@name`.
  static @Nullable String targetText(Messages.Said said) {
    if (said.targetAgent() != null) {
      return said.targetAgent();
    }
    Mention mention = Mention.in(said.content());
    return mention == null ? null : "@" + mention.name();
  }

  /// Whom the message is for. Of an agent in error the session is told as well, although nothing
  /// else of the message is kept.
  ///
  /// @throws Fault AGENT_UNAVAILABLE when that agent is in error, or none could answer
  Agent of(Tx tx, UserId user, ProjectScope scope, SessionId session, Messages.Said said) {
    Agent agent = named(tx, user, scope, said);
    Optional<Fault> refusal = agents.refusal(tx, user, agent);
    if (refusal.isPresent()) {
      tx.afterRollback(() ->
          db.does(user, telling -> tell(telling, user, scope, session, agent, refusal.get())));
      throw refusal.get();
    }
    return agent;
  }

  private void tell(
      Tx tx, UserId user, ProjectScope scope, SessionId session, Agent agent, Fault refusal) {
    String message = Objects.requireNonNullElse(refusal.getMessage(), UNAVAILABLE);
    events.append(
        tx,
        user,
        Draft.in(
                scope.project(),
                session,
                new Event.Failure(message, UNAVAILABLE, message, agent.id(), agent.name(), null))
            .by(agent.id()));
  }

  private Agent named(Tx tx, UserId user, ProjectScope scope, Messages.Said said) {
    String target = targetText(said);
    if (target == null) {
      return agents
          .answering(tx, user, scope.project())
          .orElseThrow(() ->
              Fault.of(
                      ErrorCode.AGENT_UNAVAILABLE,
                      "This project has no agent that could answer; create one.")
                  .retryAfter(RETRY_AFTER));
    }
    Mention mention = said.targetAgent() == null ? Mention.in(said.content()) : null;
    if (mention != null && mention.rest().isBlank()) {
      throw Invalid.at("/content", "has nothing to say behind the agent's name", "not_blank");
    }
    return agents.target(tx, user, scope.project(), target);
  }
}
