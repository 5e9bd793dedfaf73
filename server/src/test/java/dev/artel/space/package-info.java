/// Tests of the live handles of projects.
@NullMarked
package dev.artel.space;

import org.jspecify.annotations.NullMarked;
