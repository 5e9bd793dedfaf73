package dev.artel.bus;

/// Runs claimed tasks. Implemented by runtime.
public interface TaskHandler {
  /// Runs the task to its end and writes that end through the bus, within this call. Blocks; called
  /// on a virtual thread of its own. A task that was not ended when this returns or throws is
  /// offered again when its lease ends.
  void run(Claim claim, StopSignal stop) throws InterruptedException;
}
