package dev.artel.ops;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// What ops must know of the configuration.
///
/// @param version as `/` tells it
/// @param metricsOnMainPort local mode: `/metrics` answers on the loopback port
/// @param management where metrics are served apart from users' traffic; null: nowhere
public record OpsSettings(
    String version, boolean metricsOnMainPort, @Nullable InetSocketAddress management) {}
