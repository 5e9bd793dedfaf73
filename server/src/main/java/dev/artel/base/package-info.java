/// Small named types that at least three features need: faults, ids, secrets, refusals to start.
/// Owns no data, knows no feature, does no I/O. Every package may use it.
@NullMarked
package dev.artel.base;

import org.jspecify.annotations.NullMarked;
