package dev.artel.http;

import dev.artel.base.Fault;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The files of the built web UI, from the class path, as they are or already compressed. Each is
/// read once and kept; a name that is no file is answered with the page itself.
final class WebApp {
  private static final String PAGE = "index.html";

  /// Names with a hash of their content: such a file never changes.
  private static final String HASHED = "assets/";

  /// What a build writes: names with an extension, so that no folder is one. No dot segments, no
  /// source maps.
  private static final Pattern FILE =
      Pattern.compile("(?!.*\\.(map|br|gz)$)([\\w-][\\w.-]*/)*[\\w-]+(\\.[\\w-]+)+");

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("wasm", "application/wasm"));

  private final ClassLoader loader;
  private final String root;
  private final Map<String, StoredFile> files = new ConcurrentHashMap<>();

  WebApp(ClassLoader loader, String root) {
    this.loader = loader;
    this.root = root;
  }

  private static final class Variant {
    private final String coding;
    private final byte[] content;
    private final String etag;

    Variant(String coding, byte[] content) {
      var sum = new CRC32C();
      sum.update(content);
      this.coding = coding;
      this.content = content;
      this.etag = "\"%08x-%x%s\"".formatted(sum.getValue(), content.length, coding);
    }
  }

  private static final class StoredFile {
    private final Variant plain;
    private final @Nullable Variant brotli;
    private final @Nullable Variant gzip;

    StoredFile(Variant plain, @Nullable Variant brotli, @Nullable Variant gzip) {
      this.plain = plain;
      this.brotli = brotli;
      this.gzip = gzip;
    }

    Variant best(@Nullable String accepted) {
      if (brotli != null && accepts(accepted, "br")) {
        return brotli;
      }
      return gzip != null && accepts(accepted, "gzip") ? gzip : plain;
    }

    private static boolean accepts(@Nullable String accepted, String coding) {
      return accepted != null
          && Arrays.stream(accepted.toLowerCase(Locale.ROOT).split(",", -1))
              .map(part -> part.replace(" ", ""))
              .anyMatch(part ->
                  part.equals(coding)
                      || (part.startsWith(coding + ";q=")
                          && !part.matches(coding + ";q=0(\\.0*)?")));
    }
  }

  /// @param path below `/app/`
  void serve(String path, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String name = path.isEmpty() ? PAGE : path;
    StoredFile file = find(name).orElse(null);
    if (file == null) {
      name = PAGE;
      file =
          find(PAGE)
              .orElseThrow(
                  () -> Fault.notFound("This build has no user interface; the API is at /my."));
    }
    Variant variant = file.best(request.getHeader("Accept-Encoding"));
    response.setHeader("Vary", "Accept-Encoding");
    response.setHeader(
        "Cache-Control",
        name.startsWith(HASHED) ? "public, max-age=31536000, immutable" : "no-cache");
    response.setHeader("ETag", variant.etag);
    if (variant.etag.equals(request.getHeader("If-None-Match"))) {
      response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      return;
    }
    if (!variant.coding.isEmpty()) {
      response.setHeader("Content-Encoding", variant.coding);
    }
    response.setContentType(
        TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream"));
    response.setContentLength(variant.content.length);
    response.getOutputStream().write(variant.content);
  }

  private Optional<StoredFile> find(String name) throws IOException {
    StoredFile known = files.get(name);
    if (known == null && FILE.matcher(name).matches()) {
      Variant plain = read(name, "");
      if (plain != null) {
        known = new StoredFile(plain, read(name + ".br", "br"), read(name + ".gz", "gzip"));
        files.put(name, known);
      }
    }
    return Optional.ofNullable(known);
  }

  private @Nullable Variant read(String name, String coding) throws IOException {
    var resource = loader.getResource(root + name);
    if (resource == null) {
      return null;
    }
    try (InputStream stream = resource.openStream()) {
      return new Variant(coding, stream.readAllBytes());
    }
  }
}
