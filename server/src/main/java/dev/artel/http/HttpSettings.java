package dev.artel.http;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// What the edge must know of the configuration.
///
/// @param version the service's version, as `/` tells it
/// @param local one person on their own machine: only loopback names of the own port are served
/// @param allowedHosts names that may stand in `Host` in production mode; empty: any
/// @param trustedProxies networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed
/// @param bodyBytesMax the largest body of a route that does not say otherwise
/// @param waitLimit how long a POST may wait for an answer, and a repeat for the first one
/// @param drainDelay between `/ready` turning false and the end of listening, so that those who
///   route requests notice in time
public record HttpSettings(
    String version,
    boolean local,
    Set<String> allowedHosts,
    List<Network> trustedProxies,
    Cors cors,
    Rates rates,
    int bodyBytesMax,
    Duration waitLimit,
    Duration drainDelay) {

  public static final int BODY_BYTES_MAX_DEFAULT = 1 << 20;

  public HttpSettings {
    allowedHosts = Set.copyOf(allowedHosts);
    trustedProxies = List.copyOf(trustedProxies);
  }

  /// Which pages of other origins may call.
  ///
  /// @param origins exact origins; `*` for any, which then carries no credentials
  /// @param methods `*` for all that the API has
  /// @param headers `*` for whatever a preflight asks for
  public record Cors(
      List<String> origins, boolean credentials, List<String> methods, List<String> headers) {
    public Cors {
      origins = List.copyOf(origins);
      methods = List.copyOf(methods);
      headers = List.copyOf(headers);
    }

    public static Cors of(List<String> origins) {
      return new Cors(origins, true, List.of("*"), List.of("*"));
    }
  }

  /// Requests in a window of a minute. `perUser` 0 lifts every limit of signed-in callers.
  ///
  /// @param burst how many more than `perUser` pass
  /// @param anonymous per client address, for calls without a valid token
  /// @param auth per client address, for `/auth/…`
  public record Rates(int perUser, int burst, int anonymous, int auth) {
    public static final Rates LOCAL = new Rates(6000, 20, 6000, 6000);
    public static final Rates PRODUCTION = new Rates(100, 20, 60, 10);

    boolean unlimited() {
      return perUser == 0;
    }
  }
}
