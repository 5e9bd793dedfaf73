/// Owns the way from a conversation to the work of a project's agents. Holds no second copy of
/// anything another package owns. Chat hands its turns to it.
@NullMarked
package dev.artel.space;

import org.jspecify.annotations.NullMarked;
