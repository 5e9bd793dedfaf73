package dev.artel.http;

import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The rows of repeatable requests: written with the effect, completed with the answer, forgotten
/// after a day.
final class KeyStore {
  private final Db db;
  private final Duration lease;
  private final Set<String> resourceTypes;

  /// @param lease how long a request may be under way before it counts as crashed
  /// @param resourceTypes the kinds whose answer can be rebuilt
  KeyStore(Db db, Duration lease, Set<String> resourceTypes) {
    this.db = db;
    this.lease = lease;
    this.resourceTypes = resourceTypes;
  }

  /// @param status null while no answer is kept
  /// @param response null when there is none, or it was too large to keep
  /// @param running whether a request that is believed alive is at it
  record Row(
      String requestHash,
      @Nullable Integer status,
      @Nullable String response,
      @Nullable String resourceType,
      @Nullable UUID resource,
      boolean running) {}

  Optional<Row> find(RepeatKey key) {
    return db.read(key.user(), tx -> find(tx, key.user(), key));
  }

  private static Optional<Row> find(Tx tx, UserId user, RepeatKey key) {
    return named(
            tx,
            user,
            key,
            """
            select encode(request_hash, 'hex') as request_hash, status, response, resource_type, resource_id,
                   coalesce(lease_until > artel_now(), false) as running
              from idempotency_keys
             where user_id = :user and method = :method and path = :path and key = :key
               and expires_at > artel_now()
            """)
        .query((row, _) ->
            new Row(
                row.getString("request_hash"),
                row.getObject("status", Integer.class),
                row.getString("response"),
                row.getString("resource_type"),
                row.getObject("resource_id", UUID.class),
                row.getBoolean("running")))
        .optional();
  }

  /// @return false when another request holds the key
  boolean record(Tx tx, RepeatKey key, String resourceType, UUID resource) {
    if (!resourceTypes.contains(resourceType)) {
      throw new IllegalArgumentException("no Rebuild answers for the type " + resourceType);
    }
    return named(
                tx,
                key.user(),
                key,
                """
                insert into idempotency_keys
                       (user_id, method, path, key, request_hash, resource_type, resource_id,
                        lease_until, expires_at)
                values (:user, :method, :path, :key, decode(:hash, 'hex'), :type, :resource,
                        artel_now() + :lease_seconds * interval '1 second',
                        artel_now() + interval '24 hours')
                on conflict (user_id, method, path, key) do update
                   set request_hash = excluded.request_hash, status = null, response = null,
                       resource_type = excluded.resource_type, resource_id = excluded.resource_id,
                       lease_until = excluded.lease_until, expires_at = excluded.expires_at,
                       created_at = artel_now()
                 where idempotency_keys.expires_at <= artel_now()
                """)
            .param("hash", key.requestHash())
            .param("type", resourceType)
            .param("resource", resource)
            .param("lease_seconds", lease.toSeconds())
            .update()
        == 1;
  }

  /// Takes over a request that nobody is at any more.
  ///
  /// @return false when somebody else was faster
  boolean takeOver(RepeatKey key) {
    return db.as(
        key.user(),
        tx ->
            named(
                        tx,
                        key.user(),
                        key,
                        """
                        update idempotency_keys
                           set lease_until = artel_now() + :lease_seconds * interval '1 second'
                         where user_id = :user and method = :method and path = :path and key = :key
                           and coalesce(lease_until <= artel_now(), true)
                        """)
                    .param("lease_seconds", lease.toSeconds())
                    .update()
                == 1);
  }

  /// Keeps the answer of a request whose effect recorded the key.
  ///
  /// @param status null for an answer that is not kept: then the next repeat asks the resource
  void answered(RepeatKey key, @Nullable Integer status, @Nullable String response) {
    db.does(
        key.user(),
        tx ->
            named(
                    tx,
                    key.user(),
                    key,
                    """
                    update idempotency_keys
                       set status = :status, response = :response, lease_until = null
                     where user_id = :user and method = :method and path = :path and key = :key
                    """)
                .param("status", status)
                .param("response", response)
                .update());
  }

  /// Keeps the answer of a request that had no effect to record, such as a refusal.
  void refused(RepeatKey key, int status, @Nullable String response) {
    db.does(
        key.user(),
        tx ->
            named(
                    tx,
                    key.user(),
                    key,
                    """
                    insert into idempotency_keys
                           (user_id, method, path, key, request_hash, status, response, expires_at)
                    values (:user, :method, :path, :key, decode(:hash, 'hex'), :status, :response,
                            artel_now() + interval '24 hours')
                    on conflict (user_id, method, path, key) do nothing
                    """)
                .param("hash", key.requestHash())
                .param("status", status)
                .param("response", response)
                .update());
  }

  /// Forgets what is a day old, for all users: the dispatch role sees neither key nor answer.
  int sweep() {
    return db.dispatch(
        tx -> tx.sql("delete from idempotency_keys where expires_at <= artel_now()").update());
  }

  private static JdbcClient.StatementSpec named(Tx tx, UserId user, RepeatKey key, String sql) {
    return tx.sql(sql)
        .param("user", user.value())
        .param("method", key.method())
        .param("path", key.path())
        .param("key", key.key());
  }
}
