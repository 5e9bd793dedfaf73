@NullMarked
package dev.artel.analytics;

import org.jspecify.annotations.NullMarked;
