/// Tests of the start, and of the repository as a whole.
@NullMarked
package dev.artel.boot;

import org.jspecify.annotations.NullMarked;
