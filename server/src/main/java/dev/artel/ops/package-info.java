/// Tells operators how the service is: what it is, whether it lives, whether it is ready, what it
/// counts. Never repairs anything and never names an address. Called by probes and by Prometheus.
@NullMarked
package dev.artel.ops;

import org.jspecify.annotations.NullMarked;
