/// Owns the views over what happened: counts, errors, latencies, usage and money, and the second
/// chance of events that could not be published. Never writes what it counts, and counts in the
/// database. Called over HTTP only.
@NullMarked
package dev.artel.analytics;

import org.jspecify.annotations.NullMarked;
