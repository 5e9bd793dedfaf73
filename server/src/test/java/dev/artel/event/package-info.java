@NullMarked
package dev.artel.event;

import org.jspecify.annotations.NullMarked;
