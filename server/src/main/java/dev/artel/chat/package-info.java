/// Owns sessions and messages: takes a turn in, in order, and shows what was said. Never calls a
/// model and runs no agent; it hands turns to space and lends runtime the conversation. Its routes
/// are its only callers.
@NullMarked
package dev.artel.chat;

import org.jspecify.annotations.NullMarked;
