package dev.artel.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.artel.base.Fault;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.UserId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/// The door to PostgreSQL. Every statement runs in a transaction that is bound to one user, to
/// none, or to the dispatch role; row-level security shows it no other user's rows. Work may run
/// more than once, when transactions collide; only one of its runs is committed. Blocks the calling
/// thread; safe for use by many.
public final class Db implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Db.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final Duration SLOW = Duration.ofMillis(500);
  private static final int DISPATCH_POOL_SIZE = 4;
  private static final int TRIES_MAX = 4;

  /// Serialization failure, deadlock.
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

  private static final SQLExceptionTranslator TRANSLATOR = new SQLStateSQLExceptionTranslator();

  private final HikariDataSource app;
  private final HikariDataSource dispatch;
  private final DbSettings.Address listening;

  private Db(HikariDataSource app, HikariDataSource dispatch, DbSettings.Address listening) {
    this.app = app;
    this.dispatch = dispatch;
    this.listening = listening;
  }

  /// Opens the pools; the schema must be current (`Migrations`).
  public static Db open(DbSettings settings) {
    HikariConfig serving = config("artel-app", settings.app(), settings.poolTimeout());
    serving.setMinimumIdle(settings.poolSize());
    serving.setMaximumPoolSize(settings.poolSize() + settings.poolOverflow());
    HikariConfig dispatching =
        config("artel-dispatch", settings.dispatch(), settings.poolTimeout());
    dispatching.setMinimumIdle(1);
    dispatching.setMaximumPoolSize(DISPATCH_POOL_SIZE);
    return new Db(
        new HikariDataSource(serving), new HikariDataSource(dispatching), settings.dispatch());
  }

  private static HikariConfig config(String name, DbSettings.Address address, Duration timeout) {
    var config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(address.url());
    config.setUsername(address.user());
    config.setPassword(address.password());
    config.setAutoCommit(false);
    config.setConnectionTimeout(timeout.toMillis());
    config.setInitializationFailTimeout(timeout.toMillis());
    config.addDataSourceProperty("ApplicationName", name);
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    config.addDataSourceProperty("socketTimeout", "60");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    // The detail of a refused row is the row: what a user wrote does not belong in a log.
    config.addDataSourceProperty("logServerErrorDetail", "false");
    config.addDataSourceProperty("preparedStatementCacheQueries", "512");
    return config;
  }

  /// What PostgreSQL lets a transaction do, and what it shows it.
  private enum Kind {
    WRITING,
    READING,
    SNAPSHOT
  }

  /// What a transaction does; its result is the block's.
  @FunctionalInterface
  public interface Work<T extends @Nullable Object> {
    T in(Tx tx);
  }

  /// What a transaction does for its effect alone.
  @FunctionalInterface
  public interface Act {
    void in(Tx tx);
  }

  /// Runs the work in a transaction bound to that user.
  public <T extends @Nullable Object> T as(UserId user, Work<T> work) {
    return run(app, user, Kind.WRITING, work);
  }

  public void does(UserId user, Act act) {
    as(
        user,
        tx -> {
          act.in(tx);
          return null;
        });
  }

  /// As `as`, but PostgreSQL refuses a write.
  public <T extends @Nullable Object> T read(UserId user, Work<T> work) {
    return run(app, user, Kind.READING, work);
  }

  /// As `read`, but all statements see the database as it was at the first.
  public <T extends @Nullable Object> T snapshot(UserId user, Work<T> work) {
    return run(app, user, Kind.SNAPSHOT, work);
  }

  /// Runs the work bound to no user: it sees only the tables without tenant.
  public <T extends @Nullable Object> T unbound(Work<T> work) {
    return run(app, null, Kind.WRITING, work);
  }

  /// Runs the work as the dispatch role: ids, states and times of all users, no content.
  public <T extends @Nullable Object> T dispatch(Work<T> work) {
    return run(dispatch, null, Kind.WRITING, work);
  }

  /// Hears what other processes say on that channel, as the dispatch role, until it is closed.
  ///
  /// @param connected called whenever listening begins: something may have been missed
  public Listening listen(String channel, Runnable connected, Consumer<String> heard) {
    return new Listening(listening, channel, connected, heard);
  }

  /// A transaction that PostgreSQL ended to resolve a deadlock, or because another one changed what
  /// it had read, has done nothing and is run again: the work must bear that.
  private static <T extends @Nullable Object> T run(
      HikariDataSource pool, @Nullable UserId user, Kind kind, Work<T> work) {
    RuntimeException earlier = null;
    for (int attempt = 1; ; attempt++) {
      Done<T> done;
      var afterRollback = new ArrayList<Runnable>();
      try {
        done = once(pool, user, kind, work, afterRollback);
      } catch (RuntimeException failure) {
        if (earlier != null) {
          failure.addSuppressed(earlier);
        }
        if (attempt == TRIES_MAX || !isConflict(failure) || !pause(attempt)) {
          afterRollback.forEach(Runnable::run);
          throw failure;
        }
        log.info("a transaction lost a conflict and is run again: {}", failure.getMessage());
        earlier = failure;
        continue;
      }
      done.tx().runAfterCommit();
      return done.result();
    }
  }

  private record Done<T extends @Nullable Object>(Tx tx, T result) {}

  private static boolean isConflict(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql
          && sql.getSQLState() != null
          && CONFLICTS.contains(sql.getSQLState())) {
        return true;
      }
    }
    return false;
  }

  /// Waits long enough that those who collided do not collide again.
  ///
  /// @return false when the thread is to stop
  private static boolean pause(int attempt) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(5, 20L * attempt + 10));
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static <T extends @Nullable Object> Done<T> once(
      HikariDataSource pool,
      @Nullable UserId user,
      Kind kind,
      Work<T> work,
      List<Runnable> afterRollback) {
    long start = System.nanoTime();
    Tx tx;
    T result;
    try (Connection connection = pool.getConnection()) {
      try {
        connection.setReadOnly(kind != Kind.WRITING);
        if (kind == Kind.SNAPSHOT) {
          connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        }
        bind(connection, user);
        tx = new Tx(connection, user, afterRollback);
        result = work.in(tx);
        tx.runBeforeCommit();
        connection.commit();
      } catch (Throwable failure) {
        rollback(connection, failure);
        throw failure;
      }
    } catch (SQLTransientConnectionException exhausted) {
      throw Fault.of(
              ErrorCode.SERVICE_UNAVAILABLE,
              "The database has no free connection; try again in a few seconds.",
              exhausted)
          .retryAfter(RETRY_AFTER);
    } catch (SQLException failure) {
      var translated = TRANSLATOR.translate("transaction", null, failure);
      throw translated == null ? new IllegalStateException(failure) : translated;
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    if (millis > SLOW.toMillis()) {
      log.atWarn()
          .addKeyValue("millis", millis)
          .addKeyValue("pool", pool.getPoolName())
          .log("slow transaction");
    }
    return new Done<>(tx, result);
  }

  private static void bind(Connection connection, @Nullable UserId user) throws SQLException {
    if (user == null) {
      return;
    }
    try (var statement =
        connection.prepareStatement("select set_config('artel.user_id', ?, true)")) {
      statement.setString(1, user.toString());
      statement.execute();
    }
  }

  private static void rollback(Connection connection, Throwable failure) {
    try {
      connection.rollback();
    } catch (SQLException late) {
      failure.addSuppressed(late);
    }
  }

  /// Whether PostgreSQL answers within the given time.
  public boolean answers(Duration within) {
    try (Connection connection = app.getConnection()) {
      return connection.isValid((int) Math.max(1, within.toSeconds()));
    } catch (SQLException _) {
      return false;
    }
  }

  /// Present state of the pool that serves.
  public PoolState pool() {
    var pool = app.getHikariPoolMXBean();
    return new PoolState(
        app.getMaximumPoolSize(),
        pool.getTotalConnections(),
        pool.getActiveConnections(),
        pool.getIdleConnections(),
        pool.getThreadsAwaitingConnection());
  }

  /// @param max connections that may exist
  /// @param waiting threads that wait for one
  public record PoolState(int max, int total, int active, int idle, int waiting) {}

  @Override
  public void close() {
    app.close();
    dispatch.close();
  }
}
