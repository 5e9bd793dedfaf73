@NullMarked
package dev.artel.orchestrator;

import org.jspecify.annotations.NullMarked;
