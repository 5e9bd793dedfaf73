@NullMarked
package dev.artel.protocol;

import org.jspecify.annotations.NullMarked;
