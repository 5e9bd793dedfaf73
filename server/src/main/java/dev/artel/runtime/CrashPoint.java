package dev.artel.runtime;

/// Told of each place of a run at which the process may die with a difference. Nobody listens in
/// production; a test may put a provider of this service on the class path and halt the process.
/// The labels stand in docs/concurrency.md.
@FunctionalInterface
public interface CrashPoint {
  void reached(String label);
}
