/// Owns the connections to PostgreSQL, the transaction bound to one user, the migrations and the
/// embedded server. Never knows a table of a feature; SQL stands in the stores that need it. Every
/// feature calls it.
@NullMarked
package dev.artel.db;

import org.jspecify.annotations.NullMarked;
