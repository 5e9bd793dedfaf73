package dev.artel.http;

import dev.artel.base.Fault;
import dev.artel.protocol.WireCodec;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;

/// Sees to it that a POST that carries a key has one effect and one answer, however often it comes.
final class Repeats {
  private static final Logger log = LoggerFactory.getLogger(Repeats.class);
  static final String HEADER = "Idempotency-Key";
  private static final String REPLAYED = "Idempotency-Replayed";
  private static final String ATTRIBUTE = Idempotency.class.getName();
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final KeyStore store;
  private final Map<String, Rebuild> rebuilds;
  private final Supplier<@Nullable DefaultProject> defaultProject;
  private final Duration waitLimit;

  Repeats(
      KeyStore store,
      Map<String, Rebuild> rebuilds,
      Supplier<@Nullable DefaultProject> defaultProject,
      Duration waitLimit) {
    this.store = store;
    this.rebuilds = rebuilds;
    this.defaultProject = defaultProject;
    this.waitLimit = waitLimit;
  }

  static Idempotency of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Idempotency known
        ? known
        : Idempotency.none();
  }

  /// The innermost ring: keeps the answer of a request with a key.
  void keep(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!request.getMethod().equals("POST") || request.getHeader(HEADER) == null) {
      chain.doFilter(request, response);
      return;
    }
    var kept = new KeptAnswer(response);
    try {
      chain.doFilter(request, kept);
    } finally {
      Idempotency once = of(request);
      RepeatKey key = once.key();
      if (key != null) {
        finish(key, once.recorded(), kept);
      }
    }
  }

  private void finish(RepeatKey key, boolean recorded, KeptAnswer answer) {
    int status = answer.getStatus();
    boolean keeps = status < 500 && status != 429 && status != 401;
    try {
      if (recorded) {
        store.answered(key, keeps ? status : null, keeps ? answer.text() : null);
      } else if (keeps && answer.text() != null) {
        store.refused(key, status, answer.text());
      }
    } catch (RuntimeException failure) {
      // The effect stands with its key, so that a repeat is answered from the resource.
      log.warn("the answer to a repeatable request could not be kept", failure);
    }
  }

  /// Before the handler runs: decides whether it may.
  ///
  /// @return false when the answer has been given
  boolean begin(HttpServletRequest request, HttpServletResponse response, HandlerMethod handler)
      throws IOException {
    String given = request.getHeader(HEADER);
    Caller caller = Caller.of(request);
    if (given == null || caller == null || !request.getMethod().equals("POST")) {
      return true;
    }
    RepeatKey key =
        RepeatKey.of(
            caller.user(),
            request.getMethod(),
            canonicalPath(request, handler, caller),
            given,
            request.getQueryString(),
            LimitedBody.of(request).whole());
    return admit(request, response, key);
  }

  /// After the handler lost the race against an equal request: answers as that one did.
  void afterLostRace(HttpServletRequest request, HttpServletResponse response) throws IOException {
    RepeatKey key = Objects.requireNonNull(of(request).key());
    request.removeAttribute(ATTRIBUTE);
    if (admit(request, response, key)) {
      // The winner was rolled back after all: nothing has happened, and the client may repeat.
      request.removeAttribute(ATTRIBUTE);
      throw inProgress();
    }
  }

  private boolean admit(HttpServletRequest request, HttpServletResponse response, RepeatKey key)
      throws IOException {
    long start = System.nanoTime();
    while (true) {
      KeyStore.Row row = store.find(key).orElse(null);
      if (row == null) {
        request.setAttribute(ATTRIBUTE, Idempotency.of(store, key));
        return true;
      }
      if (!key.asksTheSameAs(row)) {
        throw Fault.conflict(
            "idempotency", "This Idempotency-Key was used with another body; use a new one.");
      }
      Integer status = row.status();
      if (status != null && row.response() != null) {
        replay(response, status, row.response());
        return false;
      }
      if (status != null) {
        rebuild(response, key, row, status);
        return false;
      }
      if (!row.running() && store.takeOver(key)) {
        rebuild(response, key, row, null);
        return false;
      }
      if (System.nanoTime() - start > waitLimit.toNanos()) {
        throw inProgress();
      }
      pause();
    }
  }

  private static Fault inProgress() {
    return Fault.conflict(
            "in_progress", "The first request with this Idempotency-Key is still running.")
        .retryAfter(RETRY_AFTER);
  }

  private static void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw inProgress();
    }
  }

  private static void replay(HttpServletResponse response, int status, String body)
      throws IOException {
    response.setHeader(REPLAYED, "true");
    response.setStatus(status);
    if (!body.isEmpty()) {
      response.setContentType("application/json");
      response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void rebuild(
      HttpServletResponse response, RepeatKey key, KeyStore.Row row, @Nullable Integer firstStatus)
      throws IOException {
    Rebuild rebuild = row.resourceType() == null ? null : rebuilds.get(row.resourceType());
    UUID resource = row.resource();
    if (rebuild == null || resource == null) {
      throw Fault.conflict("state", "The first answer is lost and cannot be rebuilt.");
    }
    ResponseEntity<?> answer = null;
    Fault fault = null;
    try {
      answer = rebuild.answer(key.user(), resource);
    } catch (Fault refused) {
      fault = refused;
    } finally {
      if (answer == null && fault == null) {
        store.answered(key, null, null);
      }
    }
    if (fault != null) {
      store.answered(key, null, null);
      throw fault;
    }
    ResponseEntity<?> made = Objects.requireNonNull(answer);
    int status = firstStatus != null ? firstStatus : made.getStatusCode().value();
    Object body = made.getBody();
    String text = body == null ? "" : WireCodec.json().writeValueAsString(body);
    boolean keeps = status < 500 && status != 429;
    store.answered(
        key, keeps ? status : null, keeps && KeptAnswer.fits(text.length()) ? text : null);
    made.getHeaders().forEach((name, values) -> values.forEach(v -> response.addHeader(name, v)));
    replay(response, status, text);
  }

  /// The path with the project spelled out: a flat path and the one it stands for are the same.
  private String canonicalPath(HttpServletRequest request, HandlerMethod handler, Caller caller) {
    String path = Paths.trimmed(request.getRequestURI());
    boolean flat =
        java.util.Arrays.stream(handler.getMethodParameters())
                .anyMatch(parameter -> parameter.getParameterType() == ProjectScope.class)
            && request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE)
                instanceof String pattern
            && !pattern.contains("{project_id}");
    DefaultProject project = flat ? defaultProject.get() : null;
    return project == null
        ? path
        : "/my/projects/" + project.of(caller.user()) + path.substring("/my".length());
  }

  static Map<String, Rebuild> byType(Iterable<Rebuild> rebuilds) {
    return java.util.stream.StreamSupport.stream(rebuilds.spliterator(), false)
        .collect(Collectors.toUnmodifiableMap(Rebuild::resourceType, one -> one));
  }
}
