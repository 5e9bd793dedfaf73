/// The walls between users, tried from outside: every route and stream with every foreign id, and
/// PostgreSQL's own catalogue for the second wall.
@NullMarked
package dev.artel.isolation;

import org.jspecify.annotations.NullMarked;
