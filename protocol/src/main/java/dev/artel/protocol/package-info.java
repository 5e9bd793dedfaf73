/// Owns the words that Artel's processes share: ids, events, errors and their spelling as JSON.
/// Never decides, stores or sends anything. Every module may use it; it uses none of them.
@NullMarked
package dev.artel.protocol;

import org.jspecify.annotations.NullMarked;
