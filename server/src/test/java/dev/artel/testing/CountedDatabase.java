package dev.artel.testing;

import dev.artel.db.Db;
import dev.artel.db.DbSettings;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The test database behind a driver that counts statements, for tests that say how many a call may
/// send. Counts what all threads send through this object's `db()`.
public final class CountedDatabase implements AutoCloseable {
  private static final String PREFIX = "jdbc:counted:";
  private static final AtomicLong STATEMENTS = new AtomicLong();

  static {
    try {
      DriverManager.registerDriver(new CountingDriver());
    } catch (SQLException failure) {
      throw new ExceptionInInitializerError(failure);
    }
  }

  private final Db db;

  private CountedDatabase(Db db) {
    this.db = db;
  }

  public static CountedDatabase open() {
    DbSettings real = TestDatabase.settings();
    return new CountedDatabase(
        Db.open(
            new DbSettings(
                counted(real.app()),
                real.owner(),
                counted(real.dispatch()),
                5,
                5,
                real.poolTimeout())));
  }

  private static DbSettings.Address counted(DbSettings.Address address) {
    return new DbSettings.Address(
        address.url().replaceFirst("^jdbc:", PREFIX), address.user(), address.password());
  }

  public Db db() {
    return db;
  }

  /// How many statements the work sends, the one that binds each transaction to its user included.
  public long statements(Runnable work) {
    long before = STATEMENTS.get();
    work.run();
    return STATEMENTS.get() - before;
  }

  @Override
  public void close() {
    db.close();
  }

  private static final class CountingDriver implements Driver {
    @Override
    public @Nullable Connection connect(String url, Properties info) throws SQLException {
      if (!acceptsURL(url)) {
        return null;
      }
      Connection real = DriverManager.getConnection("jdbc:" + url.substring(PREFIX.length()), info);
      return counting(Connection.class, real);
    }

    private static <T> T counting(Class<T> kind, T real) {
      return kind.cast(
          Proxy.newProxyInstance(
              kind.getClassLoader(),
              new Class<?>[] {kind},
              (_, method, arguments) -> {
                if (method.getName().startsWith("execute")) {
                  STATEMENTS.incrementAndGet();
                }
                try {
                  Object result = method.invoke(real, arguments);
                  return result instanceof PreparedStatement statement
                      ? counting(PreparedStatement.class, statement)
                      : result;
                } catch (InvocationTargetException wrapped) {
                  throw wrapped.getTargetException();
                }
              }));
    }

    @Override
    public boolean acceptsURL(String url) {
      return url.startsWith(PREFIX);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
      return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
      return 1;
    }

    @Override
    public int getMinorVersion() {
      return 0;
    }

    @Override
    public boolean jdbcCompliant() {
      return false;
    }

    @Override
    public Logger getParentLogger() {
      return Logger.getGlobal();
    }
  }
}
