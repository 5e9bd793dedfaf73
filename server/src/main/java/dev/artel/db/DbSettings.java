package dev.artel.db;

import java.time.Duration;

/// How to reach PostgreSQL: one address for each role, and the bounds of the pool that serves.
///
/// @param app role `artel_app`, which serves and owns nothing
/// @param owner role `artel_owner`, which migrates
/// @param dispatch role `artel_dispatch`, which sees ids and times of all users and no content
/// @param poolSize connections that are kept open
/// @param poolOverflow connections beyond, opened under load
/// @param poolTimeout how long a caller waits for a free one
public record DbSettings(
    Address app,
    Address owner,
    Address dispatch,
    int poolSize,
    int poolOverflow,
    Duration poolTimeout) {

  /// A JDBC address with its credentials, which never show in a text.
  public record Address(String url, String user, String password) {
    @Override
    public String toString() {
      return user + "@" + url;
    }
  }

  /// Bounds of the pool at its largest: below, streams of requests starve each other; above, a
  /// small server has no connection left for its neighbours.
  public static final int CONNECTIONS_MIN = 10;

  public static final int CONNECTIONS_MAX = 50;

  public DbSettings {
    int most = poolSize + poolOverflow;
    if (most < CONNECTIONS_MIN || most > CONNECTIONS_MAX) {
      throw new IllegalArgumentException("a pool of " + most + " connections");
    }
  }
}
