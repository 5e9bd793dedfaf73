/// Owns how a project's requests are routed and planned; so far, the settings of that. Never keeps
/// a copy: they are the configuration of the project's orchestrator-role agent. Called over HTTP,
/// and by whoever must know when a plan needs approval.
@NullMarked
package dev.artel.orchestrator;

import org.jspecify.annotations.NullMarked;
