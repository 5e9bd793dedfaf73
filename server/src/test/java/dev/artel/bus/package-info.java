/// Tests of the bus, with handlers of their own in place of agents.
@NullMarked
package dev.artel.bus;

import org.jspecify.annotations.NullMarked;
