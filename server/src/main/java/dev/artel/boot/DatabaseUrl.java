package dev.artel.boot;

import dev.artel.db.DbSettings;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Where an external PostgreSQL is and as which role it is entered, read from the URL that people
/// know from other tools.
record DatabaseUrl(DbSettings.Address address) {
  static @Nullable DatabaseUrl parse(String text) {
    URI url;
    try {
      url = URI.create(text);
    } catch (IllegalArgumentException _) {
      return null;
    }
    String credentials = url.getRawUserInfo();
    String database = url.getRawPath();
    boolean postgres = "postgresql".equals(url.getScheme()) || "postgres".equals(url.getScheme());
    if (!postgres
        || url.getHost() == null
        || credentials == null
        || credentials.indexOf(':') < 1
        || database == null
        || database.length() < 2) {
      return null;
    }
    int colon = credentials.indexOf(':');
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return new DatabaseUrl(
        new DbSettings.Address(
            "jdbc:postgresql://" + url.getHost() + port + database + query,
            decoded(credentials.substring(0, colon)),
            decoded(credentials.substring(colon + 1))));
  }

  private static String decoded(String part) {
    // In a URL, unlike in a form, a plus is a plus.
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
