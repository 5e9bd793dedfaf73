@NullMarked
package dev.artel.project;

import org.jspecify.annotations.NullMarked;
