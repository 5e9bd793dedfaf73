/// Measures, from inside the package, what identity's own parts cost.
@NullMarked
package dev.artel.identity;

import org.jspecify.annotations.NullMarked;
