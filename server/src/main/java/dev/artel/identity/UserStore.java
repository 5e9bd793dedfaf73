package dev.artel.identity;

import dev.artel.db.Tx;
import dev.artel.http.Caller;
import dev.artel.protocol.UserId;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SqlParameterValue;

/// The users' rows, and what ended their tokens.
final class UserStore {
  private UserStore() {}

  /// Keeps the making of a user and their deletion apart: whoever comes second sees the first.
  static void lock(Tx tx, UserId user) {
    tx.sql("select pg_advisory_xact_lock(hashtextextended('artel user ' || :user, 0))")
        .param("user", user.toString())
        .query(row -> {});
  }

  static boolean revoked(Tx tx, UserId user, Caller caller) {
    return tx.sql(
            """
            select exists (select from revoked_tokens where jti = :jti)
                or exists (select from revoked_tokens
                            where user_id = :user and (cast(:issued as timestamptz) is null or :issued < issued_before))
                or exists (select from deleted_users
                            where user_id = :user and (cast(:issued as timestamptz) is null or :issued < issued_before))
            """)
        .param("jti", caller.tokenId(), Types.VARCHAR)
        .param("user", user.value())
        .param("issued", time(caller.issuedAt()))
        .query(Boolean.class)
        .single();
  }

  static void provision(Tx tx, UserId user) {
    tx.sql("insert into users (id) values (:user) on conflict do nothing")
        .param("user", user.value())
        .update();
  }

  /// Removes the user with everything that refers to them, for good.
  static void delete(Tx tx, UserId user) {
    tx.sql(
            """
            insert into deleted_users (user_id, issued_before) values (:user, artel_now())
            on conflict (user_id) do update set issued_before = excluded.issued_before
            """)
        .param("user", user.value())
        .update();
    tx.sql("delete from users where id = :user").param("user", user.value()).update();
  }

  static void revokeToken(Tx tx, UUID id, String jti, @Nullable Instant expiresAt) {
    tx.sql(
            """
            insert into revoked_tokens (id, jti, expires_at) values (:id, :jti, :expires)
            on conflict (jti) do update
               set expires_at = case when excluded.expires_at is null
                                       or revoked_tokens.expires_at is null then null
                                     else greatest(excluded.expires_at, revoked_tokens.expires_at) end,
                   revoked_at = excluded.revoked_at
            """)
        .param("id", id)
        .param("jti", jti)
        .param("expires", time(expiresAt))
        .update();
  }

  /// Ends every token of the user that was issued until now, and every way to a new one.
  static Revocation revokeUser(Tx tx, UUID id, UserId user) {
    lock(tx, user);
    tx.sql("delete from refresh_tokens where user_id = :user").param("user", user.value()).update();
    tx.sql("delete from sign_in_codes where user_id = :user").param("user", user.value()).update();
    return new Revocation.OfUser(
        user,
        tx.sql(
                """
                insert into revoked_tokens (id, user_id, issued_before) values (:id, :user, artel_now())
                on conflict (user_id) do update
                   set issued_before = excluded.issued_before, revoked_at = excluded.revoked_at
                returning issued_before
                """)
            .param("id", id)
            .param("user", user.value())
            .query(OffsetDateTime.class)
            .single()
            .toInstant());
  }

  /// What was revoked lately. A revocation commits a little after its own time, hence the overlap.
  static List<Revocation> recent(Tx tx, int secondsBack) {
    return tx.sql(
            """
            select jti, user_id, issued_before from revoked_tokens
             where revoked_at > artel_now() - make_interval(secs => :seconds)
            """)
        .param("seconds", secondsBack)
        .query((row, _) -> {
          String jti = row.getString("jti");
          return jti != null
              ? new Revocation.OfToken(jti)
              : (Revocation)
                  new Revocation.OfUser(
                      new UserId(row.getObject("user_id", UUID.class)),
                      row.getObject("issued_before", OffsetDateTime.class).toInstant());
        })
        .list();
  }

  /// Removes what no longer matters. Runs as the dispatch role. A revoked token stays known for a
  /// day beyond its stated end: clocks differ, and who revokes may misstate it.
  static void sweep(Tx tx) {
    tx.sql("delete from revoked_tokens where expires_at < artel_now() - interval '1 day'").update();
    tx.sql("delete from sign_in_codes where expires_at < artel_now()").update();
    tx.sql("delete from refresh_tokens where expires_at < artel_now()").update();
  }

  private static SqlParameterValue time(@Nullable Instant time) {
    return new SqlParameterValue(
        Types.TIMESTAMP_WITH_TIMEZONE, time == null ? null : time.atOffset(ZoneOffset.UTC));
  }
}
