package dev.artel.http;

import dev.artel.protocol.ErrorCode;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The answers that the edge gives for any route, described once and referred to by all.
final class CommonAnswers {
  static final List<String> RATE_HEADERS =
      List.of("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset");
  private static final String TIME = "2026-01-01T12:00:00Z";

  private record Kind(String description, ErrorCode code, String detail, List<String> headers) {}

  private static final Map<Integer, Kind> KINDS =
      new TreeMap<>(
          Map.ofEntries(
              kind(
                  400,
                  "The request is malformed",
                  ErrorCode.BAD_REQUEST,
                  "The body is not valid JSON."),
              kind(
                  401,
                  "Not authenticated",
                  ErrorCode.AUTH_ERROR,
                  "Missing authorization token",
                  "WWW-Authenticate"),
              kind(
                  403,
                  "Authenticated, but not for this",
                  ErrorCode.FORBIDDEN,
                  "This token is narrowed to other routes."),
              kind(
                  404, "It does not exist, or is someone else's", ErrorCode.NOT_FOUND, "Not found"),
              kind(
                  409,
                  "In conflict with the present state",
                  ErrorCode.CONFLICT,
                  "This Idempotency-Key was used with another body; use a new one.",
                  "Retry-After"),
              kind(
                  412,
                  "`If-Match` is not the current version",
                  ErrorCode.PRECONDITION_FAILED,
                  "It was changed in the meantime: its version is now 7. Read it again and repeat."),
              kind(
                  413,
                  "The body is too large",
                  ErrorCode.PAYLOAD_TOO_LARGE,
                  "The body is larger than the 1048576 bytes that this route takes."),
              kind(
                  415,
                  "The body is not JSON",
                  ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                  "Send the body as application/json."),
              kind(
                  421,
                  "Not a host name of this service",
                  ErrorCode.MISDIRECTED_REQUEST,
                  "This service does not answer under that host name."),
              kind(
                  422,
                  "Body or parameters violate the schema",
                  ErrorCode.VALIDATION_ERROR,
                  "The request is not valid: /name is required"),
              kind(
                  429,
                  "Too many requests",
                  ErrorCode.RATE_LIMITED,
                  "Too many requests: 100 a minute are allowed. Try again in 30 s.",
                  "Retry-After",
                  "X-RateLimit-Limit",
                  "X-RateLimit-Remaining",
                  "X-RateLimit-Reset"),
              kind(
                  431,
                  "Headers or URL are too large",
                  ErrorCode.HEADERS_TOO_LARGE,
                  "The headers are too large."),
              kind(
                  500,
                  "Unexpected; no fault of the caller's",
                  ErrorCode.INTERNAL_ERROR,
                  "Something went wrong on our side. The request id in X-Request-ID helps to find it."),
              kind(
                  503,
                  "Not available at present",
                  ErrorCode.SERVICE_UNAVAILABLE,
                  "The database has no free connection; try again in a few seconds.",
                  "Retry-After")));

  private CommonAnswers() {}

  private static Map.Entry<Integer, Kind> kind(
      int status, String description, ErrorCode code, String detail, String... headers) {
    return Map.entry(status, new Kind(description, code, detail, List.of(headers)));
  }

  static void describe(Components components) {
    header(components, "X-RateLimit-Limit", "integer", "Requests that a window allows");
    header(components, "X-RateLimit-Remaining", "integer", "Requests left in it, burst included");
    header(components, "X-RateLimit-Reset", "integer", "Seconds until it ends");
    header(components, "Retry-After", "integer", "Seconds after which a repeat may succeed");
    header(components, "WWW-Authenticate", "string", "Bearer");
    KINDS.forEach((status, kind) -> components.addResponses(name(status), response(kind)));
  }

  static boolean knows(int status) {
    return KINDS.containsKey(status);
  }

  static ApiResponse ref(int status) {
    return new ApiResponse().$ref("#/components/responses/" + name(status));
  }

  static String description(int status) {
    Kind kind = KINDS.get(status);
    return kind == null ? "Refused" : kind.description();
  }

  static Content content(String detail, ErrorCode code) {
    var body = new LinkedHashMap<String, Object>();
    body.put("detail", detail);
    body.put("error_code", code.name());
    body.put("timestamp", TIME);
    return new Content()
        .addMediaType(
            "application/json",
            new MediaType()
                .schema(new Schema<>().$ref("#/components/schemas/ErrorResponse"))
                .addExamples("error", new Example().value(body)));
  }

  private static ApiResponse response(Kind kind) {
    var response =
        new ApiResponse()
            .description(kind.description())
            .content(content(kind.detail(), kind.code()));
    kind.headers().forEach(name -> response.addHeaderObject(name, headerRef(name)));
    return response;
  }

  static Header headerRef(String name) {
    return new Header().$ref("#/components/headers/" + name);
  }

  private static void header(Components components, String name, String type, String description) {
    Schema<?> schema = new Schema<>();
    schema.setTypes(Set.of(type));
    components.addHeaders(name, new Header().description(description).schema(schema));
  }

  private static String name(int status) {
    return "Error" + status;
  }
}
