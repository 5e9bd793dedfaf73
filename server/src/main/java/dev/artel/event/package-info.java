/// Owns the durable log and the streams that follow it: what happened gets its numbers in the
/// transaction of the change, and every reader is a cursor that replays and then follows. Never
/// decides what an event means. Every feature appends; the routes of chat and project open streams.
@NullMarked
package dev.artel.event;

import org.jspecify.annotations.NullMarked;
