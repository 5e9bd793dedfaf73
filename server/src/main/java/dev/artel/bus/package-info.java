/// Owns tasks from admission to their end: the queue of each agent, claims, leases and fences, and
/// who waits for an end. Never runs an agent and reads no message; a handler does. Called by space,
/// agent and runtime.
@NullMarked
package dev.artel.bus;

import org.jspecify.annotations.NullMarked;
