package dev.artel.bus;

/// The task is another's now, or gone: what this claim was about to write must not be written.
/// Rolls the transaction back and ends the run; nobody else needs to hear of it.
public final class ClaimLost extends RuntimeException {
  ClaimLost(Claim claim) {
    super("the claim on task %s, fence %d, is lost".formatted(claim.task(), claim.fence()));
  }
}
