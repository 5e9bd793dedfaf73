/// Tests of what an agent's run is made of.
@NullMarked
package dev.artel.runtime;

import org.jspecify.annotations.NullMarked;
