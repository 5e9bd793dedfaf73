/// Owns agents: what each is called, how it is configured now and was before, and whether it is at
/// work. Never runs one: a task names an agent and a version, and gets its configuration here.
/// Called by chat for targets, by runtime for configurations, by orchestrator for its settings.
@NullMarked
package dev.artel.agent;

import org.jspecify.annotations.NullMarked;
