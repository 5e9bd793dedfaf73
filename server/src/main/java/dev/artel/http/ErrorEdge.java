package dev.artel.http;

import dev.artel.base.Fault;
import dev.artel.protocol.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.FieldError;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestValueException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;

/// The HTTP edge's catching place: whatever a handler or the framework throws becomes an answer in
/// Artel's one error shape, and what is nobody's fault but ours shows no internals.
@RestControllerAdvice
final class ErrorEdge {
  private static final Logger log = LoggerFactory.getLogger(ErrorEdge.class);
  private static final int SERVER_ERRORS = 500;

  private final Repeats repeats;

  ErrorEdge(Repeats repeats) {
    this.repeats = repeats;
  }

  @ExceptionHandler
  void repeated(Idempotency.Taken taken, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      repeats.afterLostRace(request, response);
    } catch (Fault fault) {
      Errors.write(response, fault);
    }
  }

  @ExceptionHandler
  void fault(Fault fault, HttpServletResponse response) throws IOException {
    if (fault.code().type() == ErrorCode.Type.INTERNAL) {
      log.error("a request failed; the cause needs a developer", fault);
    }
    Errors.write(response, fault);
  }

  @ExceptionHandler
  void invalid(Invalid invalid, HttpServletResponse response) throws IOException {
    violation(response, invalid.errors());
  }

  @ExceptionHandler
  void invalidBody(MethodArgumentNotValidException invalid, HttpServletResponse response)
      throws IOException {
    var errors = new ArrayList<ErrorResponse.FieldError>();
    for (var error : invalid.getBindingResult().getAllErrors()) {
      String location = error instanceof FieldError field ? pointer(field.getField()) : "";
      errors.add(
          new ErrorResponse.FieldError(
              location,
              String.valueOf(error.getDefaultMessage()),
              kind(String.valueOf(error.getCode()))));
    }
    violation(response, errors);
  }

  @ExceptionHandler
  void invalidParameters(HandlerMethodValidationException invalid, HttpServletResponse response)
      throws IOException {
    var errors = new ArrayList<ErrorResponse.FieldError>();
    for (var result : invalid.getParameterValidationResults()) {
      String name = snake(String.valueOf(result.getMethodParameter().getParameterName()));
      for (var error : result.getResolvableErrors()) {
        String[] codes = error.getCodes();
        errors.add(
            new ErrorResponse.FieldError(
                name,
                String.valueOf(error.getDefaultMessage()),
                kind(codes == null || codes.length == 0 ? "invalid" : codes[codes.length - 1])));
      }
    }
    violation(response, errors);
  }

  @ExceptionHandler
  void invalidValue(ConstraintViolationException invalid, HttpServletResponse response)
      throws IOException {
    var errors = new ArrayList<ErrorResponse.FieldError>();
    for (ConstraintViolation<?> violation : invalid.getConstraintViolations()) {
      errors.add(
          new ErrorResponse.FieldError(
              pointer(violation.getPropertyPath().toString()),
              violation.getMessage(),
              kind(
                  violation
                      .getConstraintDescriptor()
                      .getAnnotation()
                      .annotationType()
                      .getSimpleName())));
    }
    violation(response, errors);
  }

  @ExceptionHandler
  void unreadable(HttpMessageNotReadableException unreadable, HttpServletResponse response)
      throws IOException {
    for (Throwable cause = unreadable; cause != null; cause = cause.getCause()) {
      if (cause instanceof Fault tooLarge) {
        Errors.write(response, tooLarge);
        return;
      }
    }
    switch (unreadable.getCause()) {
      case StreamConstraintsException _ ->
          Errors.write(
              response,
              Fault.of(
                  ErrorCode.BAD_REQUEST,
                  "The JSON body is nested too deeply, has too many values or one that is too long."));
      case StreamReadException _ ->
          Errors.write(response, Fault.of(ErrorCode.BAD_REQUEST, "The body is not valid JSON."));
      case DatabindException wrong -> violation(response, List.of(mismatch(wrong)));
      case IOException cut -> throw cut;
      case null, default ->
          violation(
              response,
              List.of(new ErrorResponse.FieldError("", "a JSON body is required", "required")));
    }
  }

  /// The violation that a JSON decoder reports, placed by the path it was at.
  static ErrorResponse.FieldError mismatch(JacksonException wrong) {
    var pointer = new StringBuilder();
    for (var step : wrong.getPath()) {
      pointer
          .append('/')
          .append(step.getPropertyName() != null ? step.getPropertyName() : step.getIndex());
    }
    Throwable cause = wrong.getCause();
    if (pointer.isEmpty() && cause instanceof IllegalArgumentException) {
      // What is read as a tree has no fields to name: the parser still knows where it was.
      pointer.append(place(wrong.processor()));
    }
    String message =
        cause instanceof IllegalArgumentException && cause.getMessage() != null
            ? cause.getMessage()
            : "has the wrong type";
    return new ErrorResponse.FieldError(pointer.toString(), message, "type");
  }

  private static String place(@Nullable Object reader) {
    if (!(reader instanceof JsonParser parser)) {
      return "";
    }
    JsonPointer place = parser.streamReadContext().pathAsPointer();
    if (parser.currentToken() == JsonToken.PROPERTY_NAME) {
      place = place.head();
    }
    return place == null ? "" : place.toString();
  }

  @ExceptionHandler
  void wrongParameterType(MethodArgumentTypeMismatchException wrong, HttpServletResponse response)
      throws IOException {
    boolean inPath =
        wrong
            .getParameter()
            .hasParameterAnnotation(org.springframework.web.bind.annotation.PathVariable.class);
    if (inPath) {
      Errors.write(response, Fault.notFound("Not found"));
    } else if (isList(wrong.getParameter().getMethod())) {
      String field = snake(wrong.getName());
      Errors.write(
          response,
          Fault.of(ErrorCode.INVALID_FILTER, "%s has no such value.".formatted(field))
              .with("field", field));
    } else {
      violation(
          response,
          List.of(
              new ErrorResponse.FieldError(snake(wrong.getName()), "has the wrong type", "type")));
    }
  }

  private static boolean isList(@Nullable Method handler) {
    return handler != null && List.of(handler.getParameterTypes()).contains(Paging.class);
  }

  @ExceptionHandler
  void missing(MissingRequestValueException missing, HttpServletResponse response)
      throws IOException {
    violation(
        response,
        List.of(
            new ErrorResponse.FieldError(
                missing instanceof MissingServletRequestParameterException parameter
                    ? parameter.getParameterName()
                    : "",
                "is required",
                "required")));
  }

  @ExceptionHandler({NoResourceFoundException.class, NoHandlerFoundException.class})
  void unknownPath(HttpServletResponse response) throws IOException {
    Errors.write(response, Fault.notFound("Not found"));
  }

  @ExceptionHandler
  void wrongMethod(HttpRequestMethodNotSupportedException wrong, HttpServletResponse response)
      throws IOException {
    var allowed = wrong.getSupportedMethods();
    if (allowed != null) {
      response.setHeader("Allow", String.join(", ", allowed));
    }
    Errors.write(
        response,
        Fault.of(ErrorCode.METHOD_NOT_ALLOWED, wrong.getMethod() + " is not allowed here."));
  }

  @ExceptionHandler
  void wrongContentType(HttpMediaTypeNotSupportedException wrong, HttpServletResponse response)
      throws IOException {
    Errors.write(
        response, Fault.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json."));
  }

  /// A client that accepts no JSON still learns in JSON what went wrong.
  @ExceptionHandler
  void notAcceptable(HttpMediaTypeNotAcceptableException wrong, HttpServletResponse response)
      throws IOException {
    Errors.write(
        response, Fault.of(ErrorCode.BAD_REQUEST, "Only application/json can be answered here."));
  }

  @ExceptionHandler
  void gone(AsyncRequestNotUsableException gone) {
    log.debug("the client went away", gone);
  }

  @ExceptionHandler
  void byStatus(ErrorResponseException other, HttpServletResponse response) throws IOException {
    Errors.write(
        response,
        other.getStatusCode().is4xxClientError()
            ? Fault.of(ErrorCode.BAD_REQUEST, String.valueOf(other.getBody().getDetail()))
            : unexpected(other));
  }

  @ExceptionHandler
  void anythingElse(Exception failure, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (response.isCommitted()) {
      log.debug("an answer broke off", failure);
      return;
    }
    if (failure instanceof HttpException refused && refused.getCode() < SERVER_ERRORS) {
      // The container reads a query when it is first asked for, and only then finds it undecodable.
      Errors.write(
          response, Fault.of(ErrorCode.BAD_REQUEST, "The query or the body cannot be decoded."));
      return;
    }
    Errors.write(response, unexpected(failure));
  }

  private static Fault unexpected(Exception failure) {
    log.error("a request failed unexpectedly; the cause needs a developer", failure);
    return Errors.unexpected();
  }

  private static void violation(HttpServletResponse response, List<ErrorResponse.FieldError> errors)
      throws IOException {
    String first =
        errors.isEmpty()
            ? "The request is not valid."
            : "The request is not valid: %s %s"
                .formatted(
                    errors.getFirst().location().isEmpty() ? "body" : errors.getFirst().location(),
                    errors.getFirst().message());
    Errors.write(response, Fault.of(ErrorCode.VALIDATION_ERROR, first), errors);
  }

  private static String pointer(String path) {
    return "/" + snake(path).replace('.', '/').replaceAll("\\[(\\d+)]", "/$1");
  }

  private static String kind(String constraint) {
    return snake(constraint);
  }

  private static String snake(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
