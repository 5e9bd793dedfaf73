package dev.artel.runtime;

import dev.artel.bus.Claim;
import dev.artel.db.Tx;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.protocol.Event;

/// Tells of a turn in the log, in the transaction of what it tells.
final class TurnEvents {
  private final EventLog events;

  TurnEvents(EventLog events) {
    this.events = events;
  }

  void begun(Tx tx, Claim claim, String agentName, Conversation.Turn turn, Past past) {
    tell(tx, claim, new Event.TaskStarted(claim.task(), claim.agent(), agentName, claim.attempt()));
    if (!past.fresh()) {
      return;
    }
    tell(
        tx,
        claim,
        new Event.DirectAgentCall(
            claim.agent(), agentName, claim.task(), turn.question(), turn.text()));
    progress(tx, claim, 0, "claimed");
    progress(tx, claim, 20, "model called");
  }

  void progress(Tx tx, Claim claim, int percent, String message) {
    tell(tx, claim, new Event.TaskProgress(claim.task(), claim.agent(), percent, message));
  }

  void error(Tx tx, Claim claim, String agentName, String error, String errorType) {
    tell(
        tx,
        claim,
        new Event.Failure(error, errorType, error, claim.agent(), agentName, claim.task()));
  }

  private void tell(Tx tx, Claim claim, Event.Logged event) {
    events.append(
        tx, claim.user(), Draft.in(claim.project(), claim.session(), event).by(claim.agent()));
  }
}
