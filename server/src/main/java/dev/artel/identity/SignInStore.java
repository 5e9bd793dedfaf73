package dev.artel.identity;

import dev.artel.db.Tx;
import dev.artel.protocol.UserId;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// Codes and refresh tokens, by their hashes: whoever reads the tables cannot sign in.
final class SignInStore {
  private SignInStore() {}

  /// @param family what a refresh token shares with all that it was exchanged for
  record Grant(UserId user, UUID family, Set<String> scopes) {}

  static void addCode(Tx tx, UserId user, byte[] hash, Duration life) {
    tx.sql(
            """
            insert into sign_in_codes (code_hash, user_id, expires_at)
            values (:hash, :user, artel_now() + make_interval(secs => :seconds))
            """)
        .param("hash", hash)
        .param("user", user.value())
        .param("seconds", life.toSeconds())
        .update();
  }

  /// Whose code that is, whether or not it still counts.
  static Optional<UserId> ownerOfCode(Tx tx, byte[] hash) {
    return tx.sql("select user_id from sign_in_codes where code_hash = :hash")
        .param("hash", hash)
        .query(UUID.class)
        .optional()
        .map(UserId::new);
  }

  static Optional<UserId> ownerOfRefreshToken(Tx tx, byte[] hash) {
    return tx.sql("select user_id from refresh_tokens where token_hash = :hash")
        .param("hash", hash)
        .query(UUID.class)
        .optional()
        .map(UserId::new);
  }

  /// Whom the code signs in, the first time it is asked.
  static Optional<UserId> useCode(Tx tx, byte[] hash) {
    return tx.sql(
            """
            update sign_in_codes set used_at = artel_now()
             where code_hash = :hash and used_at is null and expires_at > artel_now()
            returning user_id
            """)
        .param("hash", hash)
        .query(UUID.class)
        .optional()
        .map(UserId::new);
  }

  static void addRefreshToken(Tx tx, Grant grant, byte[] hash, Duration life) {
    tx.sql(
            """
            insert into refresh_tokens (token_hash, family, user_id, scopes, expires_at)
            values (:hash, :family, :user, :scopes, artel_now() + make_interval(secs => :seconds))
            """)
        .param("hash", hash)
        .param("family", grant.family())
        .param("user", grant.user().value())
        .param("scopes", array(tx, grant.scopes()))
        .param("seconds", life.toSeconds())
        .update();
  }

  /// What the token grants, the first time it is asked.
  static Optional<Grant> useRefreshToken(Tx tx, byte[] hash) {
    return tx.sql(
            """
            update refresh_tokens set used_at = artel_now()
             where token_hash = :hash and used_at is null and expires_at > artel_now()
            returning user_id, family, scopes
            """)
        .param("hash", hash)
        .query(SignInStore::grant)
        .optional();
  }

  /// Removes every token of the family that this one belongs to.
  static boolean endFamily(Tx tx, byte[] hash) {
    return tx.sql(
                """
                delete from refresh_tokens
                 where family in (select family from refresh_tokens where token_hash = :hash)
                """)
            .param("hash", hash)
            .update()
        > 0;
  }

  private static Grant grant(ResultSet row, int number) throws SQLException {
    String[] scopes = (String[]) row.getArray("scopes").getArray();
    return new Grant(
        new UserId(row.getObject("user_id", UUID.class)),
        row.getObject("family", UUID.class),
        new TreeSet<>(Arrays.asList(scopes)));
  }

  private static Array array(Tx tx, Set<String> words) {
    try {
      return tx.connection().createArrayOf("text", words.toArray());
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
