package dev.artel.bus;

/// What lies on one agent.
///
/// @param size tasks that are queued, those that wait for their retry time included
/// @param capacity how many may be
/// @param active tasks that run
/// @param waiting tasks that wait for a person, a runner or their retry time
public record QueueLoad(int size, int capacity, int active, int waiting) {}
