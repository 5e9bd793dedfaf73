package dev.artel.testing;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// One scripted answer of a [ScriptedProviderServer], with what its request must have asked. Built
/// by chaining: `Reply.of("Hel", "lo").asking("Hi").usage(12, 3)`. A reply ends well unless a fault
/// was put at its end.
public final class Reply {
  /// One thing that the server does, in order.
  sealed interface Step {
    record Text(String piece) implements Step {}

    record Thinking(String piece) implements Step {}

    /// Sends bytes as they are.
    record Raw(String text) implements Step {}

    /// Sends nothing until the client leaves.
    record Silence() implements Step {}

    /// Tells that it was reached and goes on when released.
    record Hold(CountDownLatch reached, CountDownLatch release) implements Step {}

    /// Closes the connection in the middle of a chunk.
    record Cut() implements Step {}

    /// Ends the body in good form, but before the answer is complete.
    record End() implements Step {}

    /// Sends text until the client leaves.
    record Endless(String piece) implements Step {}

    /// Sends comments without text until the client leaves.
    record EndlessComments() implements Step {}
  }

  /// Tokens that the provider reports.
  record Tokens(int in, int out, int cached) {}

  final int status;
  final Map<String, String> headers = new LinkedHashMap<>();
  final List<Step> steps = new ArrayList<>();
  @Nullable String plainBody;
  String contentType = "text/event-stream";
  String finish = "stop";
  @Nullable Tokens tokens = new Tokens(10, 5, 0);
  @Nullable String asking;
  @Nullable String model;
  @Nullable String system;
  boolean beforeHeaders;

  private Reply(int status) {
    this.status = status;
  }

  /// Streams these pieces.
  public static Reply of(String... pieces) {
    Reply reply = new Reply(200);
    for (String piece : pieces) {
      reply.steps.add(new Step.Text(piece));
    }
    return reply;
  }

  /// Accepts the request and never answers.
  public static Reply silence() {
    Reply reply = new Reply(200);
    reply.beforeHeaders = true;
    reply.steps.add(new Step.Silence());
    return reply;
  }

  /// Accepts the request and closes the connection without a byte.
  public static Reply hangUp() {
    Reply reply = new Reply(200);
    reply.beforeHeaders = true;
    reply.steps.add(new Step.Cut());
    return reply;
  }

  /// Answers with this status and a JSON error of the kind that providers send.
  public static Reply error(int status, String code) {
    Reply reply = new Reply(status);
    reply.contentType = "application/json";
    reply.plainBody =
        "{\"error\":{\"code\":\"%s\",\"type\":\"%s\",\"status\":\"%s\",\"message\":\"secret wording of the provider about key sk-hidden\"}}"
            .formatted(code, code, code);
    return reply;
  }

  /// Answers 307, which lets a client repeat its POST, to this address.
  public static Reply redirect(URI to) {
    Reply reply = new Reply(307);
    reply.plainBody = "";
    reply.headers.put("Location", to.toString());
    return reply;
  }

  /// Answers 200 with a web page.
  public static Reply webPage() {
    Reply reply = new Reply(200);
    reply.contentType = "text/html";
    reply.plainBody = "<html>Sign in to the hotel's network</html>";
    return reply;
  }

  /// Answers with this status and this JSON.
  public static Reply json(int status, String body) {
    Reply reply = new Reply(status);
    reply.contentType = "application/json";
    reply.plainBody = body;
    return reply;
  }

  public Reply header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  public Reply retryAfter(String value) {
    return header("Retry-After", value);
  }

  public Reply thinking(String piece) {
    steps.add(new Step.Thinking(piece));
    return this;
  }

  public Reply text(String piece) {
    steps.add(new Step.Text(piece));
    return this;
  }

  public Reply raw(String text) {
    steps.add(new Step.Raw(text));
    return this;
  }

  public Reply malformed() {
    return raw("event: content_block_delta\ndata: {\"choices\":[{\"del\n\n");
  }

  /// An error that a provider sends after it began to stream.
  public Reply errorEvent(String code) {
    return raw(
        "event: error\ndata: {\"error\":{\"code\":\"%s\",\"type\":\"%s\",\"message\":\"x\"}}\n\n"
            .formatted(code, code));
  }

  public Reply thenSilence() {
    steps.add(new Step.Silence());
    return this;
  }

  public Reply thenCut() {
    steps.add(new Step.Cut());
    return this;
  }

  public Reply thenEnd() {
    steps.add(new Step.End());
    return this;
  }

  public Reply thenEndless(String piece) {
    steps.add(new Step.Endless(piece));
    return this;
  }

  public Reply thenEndlessComments() {
    steps.add(new Step.EndlessComments());
    return this;
  }

  public Reply hold(CountDownLatch reached, CountDownLatch release) {
    steps.add(new Step.Hold(reached, release));
    return this;
  }

  /// Ends because the token limit was reached.
  public Reply atLimit() {
    finish = "length";
    return this;
  }

  /// Ends because of the provider's content rules.
  public Reply filtered() {
    finish = "content_filter";
    return this;
  }

  public Reply usage(int in, int out) {
    tokens = new Tokens(in, out, 0);
    return this;
  }

  /// `cached` is part of `in`, as Artel counts; the wire formats differ.
  public Reply usage(int in, int out, int cached) {
    tokens = new Tokens(in, out, cached);
    return this;
  }

  public Reply withoutUsage() {
    tokens = null;
    return this;
  }

  /// The current message must be this and must occur once in the request.
  public Reply asking(String text) {
    asking = text;
    return this;
  }

  public Reply model(String name) {
    model = name;
    return this;
  }

  /// The first system message must be exactly this.
  public Reply system(String text) {
    system = text;
    return this;
  }
}
