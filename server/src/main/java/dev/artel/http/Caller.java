package dev.artel.http;

import dev.artel.protocol.UserId;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who calls, as the token says: filled by identity before any handler runs, never from anything
/// else in the request. Immutable.
///
/// @param roles such as `system_admin`
/// @param scopes words that narrow the token, such as `hands` or `approve`
/// @param tokenId the token's `jti`, by which it can be revoked
/// @param issuedAt the token's `iat`
public record Caller(
    UserId user,
    Set<String> roles,
    Set<String> scopes,
    @Nullable String tokenId,
    @Nullable Instant issuedAt,
    Instant expiresAt) {
  /// The request attribute under which the caller travels from the filter to the handlers.
  private static final String ATTRIBUTE = Caller.class.getName();

  public Caller {
    roles = Set.copyOf(roles);
    scopes = Set.copyOf(scopes);
  }

  /// The caller whom this request carries, or null when nobody was authenticated.
  public static @Nullable Caller of(HttpServletRequest request) {
    return (Caller) request.getAttribute(ATTRIBUTE);
  }

  /// Lets the request carry this caller. Identity alone does so.
  public void carriedBy(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  /// `user{id}`, with which every name and key of this user begins.
  public String userPrefix() {
    return "user" + user;
  }

  /// The filter that every query of this caller carries.
  public Map<String, Object> dbFilter() {
    return Map.of("user_id", user.value());
  }

  public boolean hasRole(String role) {
    return roles.contains(role);
  }
}
