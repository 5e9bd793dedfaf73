/// Starts the process: reads the configuration, puts the modules together in the order of the
/// design's table, stops them in reverse. Holds no logic of any feature; nothing calls it.
@NullMarked
package dev.artel.boot;

import org.jspecify.annotations.NullMarked;
