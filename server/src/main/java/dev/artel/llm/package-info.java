/// Owns the way to language models: which provider serves a model name, one blocking call that
/// streams an answer, timeouts, usage and prices. Never stores anything, never decides what a
/// failed answer means for a task, and never lets a provider's library or wording out. Called by
/// the packages that run agents, by `agent` for health and checks, and at start by `boot`.
@NullMarked
package dev.artel.llm;

import org.jspecify.annotations.NullMarked;
