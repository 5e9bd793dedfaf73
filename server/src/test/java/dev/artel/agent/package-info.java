@NullMarked
package dev.artel.agent;

import org.jspecify.annotations.NullMarked;
