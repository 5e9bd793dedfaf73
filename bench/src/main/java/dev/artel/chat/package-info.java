/// Serves the query of the session list from inside the package, without the product's edge.
@NullMarked
package dev.artel.chat;

import org.jspecify.annotations.NullMarked;
