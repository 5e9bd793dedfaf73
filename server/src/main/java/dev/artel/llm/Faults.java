package dev.artel.llm;

import static dev.artel.llm.ModelErrorType.AUTHENTICATION;
import static dev.artel.llm.ModelErrorType.BAD_REQUEST;
import static dev.artel.llm.ModelErrorType.CONNECTION;
import static dev.artel.llm.ModelErrorType.RATE_LIMIT;
import static dev.artel.llm.ModelErrorType.TIMEOUT;
import static dev.artel.llm.ModelErrorType.UNKNOWN;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Turns what a provider or the network did into a fault with a sentence for the user: what
/// happened and who can do something about it. A provider's own words never pass, because they can
/// name accounts and parts of keys; its error code does when it is a plain word.
final class Faults {
  private static final Pattern PLAIN_CODE = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{2,63}");

  private final String provider;

  Faults(String provider) {
    this.provider = provider;
  }

  ModelFault slowFirstToken() {
    return fault(TIMEOUT, true, "did not begin to answer in time.");
  }

  ModelFault slowNextToken() {
    return fault(TIMEOUT, true, "stopped in the middle of its answer.");
  }

  ModelFault unreachable() {
    return fault(CONNECTION, true, "cannot be reached.");
  }

  ModelFault cut() {
    return fault(CONNECTION, true, "broke the connection before its answer was complete.");
  }

  ModelFault malformed() {
    return fault(
        UNKNOWN,
        false,
        "sent something that is not an answer of a model. Its configured address may be wrong.");
  }

  ModelFault refusedContent() {
    return fault(BAD_REQUEST, false, "refused to answer because of its content rules.");
  }

  ModelFault badModelName() {
    return fault(BAD_REQUEST, false, "has no model of that name. Choose another model.");
  }

  ModelFault notConfigured() {
    return fault(UNKNOWN, false, "is not configured any more.");
  }

  private ModelFault fault(ModelErrorType type, boolean retryable, String what) {
    return new ModelFault(type, "The model provider '" + provider + "' " + what, retryable, null);
  }

  /// The fault of a response that is no success; `body` is its JSON where it has some.
  ModelFault ofStatus(int status, @Nullable JsonNode body, @Nullable Duration retryAfter) {
    String code = body == null ? null : code(body);
    String suffix = " (" + status + (code == null ? "" : ", " + code) + ").";
    if (status >= 300 && status < 400) {
      return fault(
          UNKNOWN,
          false,
          "redirects elsewhere, which is not followed. Its setting must hold the final address"
              + suffix);
    }
    if (status >= 500 && status != 504 && status != 529) {
      return fault(UNKNOWN, true, "has a problem of its own" + suffix).after(retryAfter);
    }
    return switch (status) {
      case 401, 403 -> fault(AUTHENTICATION, false, "did not accept the configured key" + suffix);
      case 402 -> noCredit(suffix);
      case 404 -> fault(BAD_REQUEST, false, "does not know this model or address" + suffix);
      case 408, 504 -> fault(TIMEOUT, true, "did not answer in time" + suffix).after(retryAfter);
      case 429, 529 ->
          code != null && code.contains("quota")
              ? noCredit(suffix)
              : fault(RATE_LIMIT, true, "takes no more requests at the moment" + suffix)
                  .after(retryAfter);
      default ->
          keyIsInvalid(body)
              ? ofStatus(401, body, null)
              : fault(BAD_REQUEST, false, "did not accept the request" + suffix);
    };
  }

  // Gemini answers a wrong key with 400 and tells the difference in the details.
  private static boolean keyIsInvalid(@Nullable JsonNode body) {
    return body != null
        && body.path("error")
            .path("details")
            .valueStream()
            .anyMatch(detail -> detail.path("reason").asString("").equals("API_KEY_INVALID"));
  }

  private ModelFault noCredit(String suffix) {
    return fault(RATE_LIMIT, false, "says that its account has no credit or quota left" + suffix);
  }

  /// The fault of an error that came inside a stream, where there is no status line.
  ModelFault ofEvent(@Nullable JsonNode event) {
    String code = event == null ? null : code(event);
    int number = event == null ? 0 : event.path("error").path("code").asInt(0);
    if (number >= 400 && number < 600) {
      return ofStatus(number, event, null);
    }
    return switch (code == null ? "" : code.toLowerCase(Locale.ROOT)) {
      case "authentication_error", "permission_error", "invalid_api_key" ->
          ofStatus(401, event, null);
      case "rate_limit_error", "rate_limit_exceeded", "overloaded_error", "resource_exhausted" ->
          ofStatus(429, event, null);
      case "invalid_request_error", "context_length_exceeded", "invalid_argument" ->
          ofStatus(400, event, null);
      case "not_found_error", "model_not_found" -> ofStatus(404, event, null);
      case "timeout_error", "deadline_exceeded" -> ofStatus(504, event, null);
      default -> ofStatus(500, event, null);
    };
  }

  private static @Nullable String code(JsonNode body) {
    JsonNode error = body.path("error");
    for (String field : new String[] {"code", "status", "type"}) {
      String value = error.path(field).asString("");
      if (PLAIN_CODE.matcher(value).matches()) {
        return value;
      }
    }
    return null;
  }
}
