package dev.artel.http;

import java.util.regex.Pattern;

/// The routes that the user's hands (runners) call: all that a token of scope `hands` opens, and
/// counted in a bucket of their own whatever the token.
public final class HandsRoutes {
  private static final String PROJECT = "(/projects/[^/]+)?";
  private static final Pattern ANY_METHOD = Pattern.compile("/my/(me|runners(/.*)?)");
  private static final Pattern POST =
      Pattern.compile("/my" + PROJECT + "/tools/[^/]+/(claim|heartbeat|preview|output|result)");
  private static final Pattern GET = Pattern.compile("/my" + PROJECT + "/events/[^/]+");

  private HandsRoutes() {}

  public static boolean include(String method, String uri) {
    String path = Paths.trimmed(uri);
    return ANY_METHOD.matcher(path).matches()
        || (method.equals("POST") && POST.matcher(path).matches())
        || ((method.equals("GET") || method.equals("HEAD")) && GET.matcher(path).matches());
  }
}
