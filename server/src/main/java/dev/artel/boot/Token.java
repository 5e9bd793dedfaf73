package dev.artel.boot;

import dev.artel.base.CannotStart;
import dev.artel.identity.DeveloperTokens;
import dev.artel.protocol.UserId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `./dev token [USER] [--role ROLE] [--home DIR]`: prints a token on standard output. Needs the
/// signing key and no running service.
public final class Token {
  private static final String USAGE =
      "usage: ./dev token [USER] [--role ROLE] [--home DIR], where USER is a UUID; without it the token is the local user's";

  private Token() {}

  public static void main(String[] arguments) {
    try {
      System.out.println(made(List.of(arguments), System.getenv()));
    } catch (CannotStart refusal) {
      refusal.line().lines().forEach(line -> System.err.println("artel: " + line));
      System.exit(2);
    }
  }

  /// @throws CannotStart when the arguments or the settings do not fit
  static String made(List<String> arguments, Map<String, String> environment) {
    var settings = new HashMap<>(environment);
    Set<String> roles = new HashSet<>();
    UserId user = null;
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      String word = rest.next();
      switch (word) {
        case "--role" -> roles.add(value(rest));
        case "--home" -> settings.put("ARTEL_HOME", value(rest));
        default -> user = user(word, user);
      }
    }
    try {
      DeveloperTokens tokens = DeveloperTokens.of(Config.of(settings).identity());
      return tokens.mint(user == null ? tokens.localUser() : user, roles);
    } catch (IllegalStateException impossible) {
      throw new CannotStart(String.valueOf(impossible.getMessage()));
    }
  }

  private static String value(Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new CannotStart(USAGE);
    }
    return rest.next();
  }

  private static UserId user(String word, @Nullable UserId before) {
    try {
      if (before == null) {
        return UserId.of(word);
      }
    } catch (IllegalArgumentException _) {
      // Answered below, like a second user or an unknown option.
    }
    throw new CannotStart(USAGE);
  }
}
