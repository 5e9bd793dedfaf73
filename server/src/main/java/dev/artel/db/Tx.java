package dev.artel.db;

import dev.artel.protocol.UserId;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.jdbc.core.namedparam.ParsedSql;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// One open transaction of one user (or of none). Lives on the thread that opened it and ends with
/// the block it was handed to; never kept.
public final class Tx {
  private static final SharedParsing PARSED = new SharedParsing();

  private final Connection connection;
  private final JdbcClient client;
  private final @Nullable UserId user;
  private final Map<Class<?>, Object> parts = new LinkedHashMap<>();
  private final List<Runnable> beforeCommit = new ArrayList<>();
  private final List<Runnable> afterCommit = new ArrayList<>();
  private final List<Runnable> afterRollback;

  /// @param afterRollback where acts are laid that follow when nothing comes of the transaction
  Tx(Connection connection, @Nullable UserId user, List<Runnable> afterRollback) {
    this.connection = connection;
    this.afterRollback = afterRollback;
    this.user = user;
    var template = new JdbcTemplate();
    template.setDataSource(new SingleConnectionDataSource(connection, true));
    this.client = JdbcClient.create(new CachedParsing(template));
  }

  public JdbcClient.StatementSpec sql(String sql) {
    return client.sql(sql);
  }

  /// The user to whom this transaction is bound. Fails in a transaction without one.
  public UserId user() {
    if (user == null) {
      throw new IllegalStateException("this transaction is bound to no user");
    }
    return user;
  }

  public Connection connection() {
    return connection;
  }

  /// The part of that kind which this transaction carries, made when it is first asked for.
  public <P> P part(Class<P> kind, Function<Tx, P> make) {
    Object known = parts.get(kind);
    if (known == null) {
      known = make.apply(this);
      parts.put(kind, known);
    }
    return kind.cast(known);
  }

  /// Runs as the transaction's last act, in the order of registration.
  public void beforeCommit(Runnable act) {
    beforeCommit.add(act);
  }

  /// Runs once the commit is done, on the same thread; never after a rollback. Must neither block
  /// nor throw.
  public void afterCommit(Runnable act) {
    afterCommit.add(act);
  }

  /// Runs when the work has thrown for good and its connection is free again, on the same thread,
  /// before its caller hears of it: for what must be told of a refusal that undoes all else.
  public void afterRollback(Runnable act) {
    afterRollback.add(act);
  }

  void runBeforeCommit() {
    for (int i = 0; i < beforeCommit.size(); i++) {
      beforeCommit.get(i).run();
    }
  }

  void runAfterCommit() {
    afterCommit.forEach(Runnable::run);
  }

  /// Named parameters are found once for each statement text of the product, not once a
  /// transaction.
  private static final class SharedParsing {
    private final Map<String, ParsedSql> known = new java.util.concurrent.ConcurrentHashMap<>();

    ParsedSql parse(String sql) {
      return known.computeIfAbsent(sql, NamedParameterUtils::parseSqlStatement);
    }
  }

  private static final class CachedParsing extends NamedParameterJdbcTemplate {
    CachedParsing(JdbcTemplate template) {
      super(template);
    }

    @Override
    protected ParsedSql getParsedSql(String sql) {
      return PARSED.parse(sql);
    }
  }
}
