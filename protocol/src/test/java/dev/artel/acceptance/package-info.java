/// What tests say about the acceptance list of docs/acceptance.md.
@NullMarked
package dev.artel.acceptance;

import org.jspecify.annotations.NullMarked;
