/// Owns the live handle of each project that is in use in this process: opened at its first use, it
/// keeps the team's configurations at hand, tells how the project does, and is let go when nobody
/// needs it. Holds no copy of what another package owns, no row and no transaction. Its routes call
/// it, project on each use of a project, and chat for its turns.
@NullMarked
package dev.artel.space;

import org.jspecify.annotations.NullMarked;
