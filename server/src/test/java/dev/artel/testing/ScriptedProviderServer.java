package dev.artel.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A model provider on loopback that answers from a script and misbehaves on request. It checks
/// every request that it receives (address, authentication, stream flags, system prompt, order of
/// roles, limits, and what the script expects); closing it fails on any breach, on a call without
/// script and on a script that nobody called. Requests for the list of models need no script.
///
/// ```java
/// try (var server = ScriptedProviderServer.start(ProviderWire.OPENAI, "test-key")) {
///   server.next(Reply.of("Hel", "lo").asking("Hi"));
///   … server.url() … server.requests() …
/// }
/// ```
public final class ScriptedProviderServer implements AutoCloseable {
  private static final int ENDLESS_FRAMES_MAX = 2_000_000;
  private static final int PATIENCE_SECONDS = 20;
  // A thousand clients may connect at once.
  private static final int BACKLOG = 2000;

  private final ProviderWire wire;
  private final @Nullable String key;
  private final ServerSocket socket;
  private final ExecutorService connections = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Queue<Reply> script = new ConcurrentLinkedQueue<>();
  private final Collection<String> problems = new ConcurrentLinkedQueue<>();
  private final List<ReceivedRequest> requests = new CopyOnWriteArrayList<>();
  private final Semaphore received = new Semaphore(0);
  private final Semaphore gone = new Semaphore(0);
  private volatile @Nullable Function<ReceivedRequest, Reply> always;
  private volatile String listed;
  private volatile int listStatus = 200;
  private final AtomicInteger accepted = new AtomicInteger();

  private ScriptedProviderServer(ProviderWire wire, @Nullable String key) throws IOException {
    this.wire = wire;
    this.key = key;
    this.listed = wire.models(List.of("test-model"));
    this.socket = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
  }

  /// Starts a server that takes `key` and no other; null means that no key may be sent.
  public static ScriptedProviderServer start(ProviderWire wire, @Nullable String key)
      throws IOException {
    ScriptedProviderServer server = new ScriptedProviderServer(wire, key);
    var _ = server.connections.submit(server::accept);
    return server;
  }

  /// The base URL that a client is configured with.
  public URI url() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + wire.basePath);
  }

  /// Answers the next call like this.
  public ScriptedProviderServer next(Reply reply) {
    script.add(reply);
    return this;
  }

  /// Answers every call that finds no script like this, any number of times.
  public ScriptedProviderServer always(Function<ReceivedRequest, Reply> answer) {
    always = answer;
    return this;
  }

  /// The models that it lists.
  public ScriptedProviderServer lists(String... names) {
    listed = wire.models(List.of(names));
    return this;
  }

  /// The JSON with which it lists its models.
  public ScriptedProviderServer listsRaw(String json) {
    listed = json;
    return this;
  }

  /// The status of its list of models.
  public ScriptedProviderServer listStatus(int status) {
    listStatus = status;
    return this;
  }

  /// Every call so far.
  public List<ReceivedRequest> requests() {
    return List.copyOf(requests);
  }

  /// How many connections clients opened so far.
  public int connections() {
    return accepted.get();
  }

  /// Waits until a call arrived that was not waited for yet.
  public void awaitRequest() throws InterruptedException {
    await(received, "no request came");
  }

  /// Waits until a client left in the middle of an answer, once for each that did.
  public void awaitClientGone() throws InterruptedException {
    await(gone, "no client closed its connection");
  }

  private static void await(Semaphore signal, String otherwise) throws InterruptedException {
    if (!signal.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError(otherwise + " within " + PATIENCE_SECONDS + " s");
    }
  }

  /// Closes all connections and tells what was wrong.
  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket connection : open) {
      connection.close();
    }
    connections.shutdownNow();
    List<String> wrong = new ArrayList<>(problems);
    if (!script.isEmpty()) {
      wrong.add(script.size() + " scripted replies were never asked for");
    }
    if (!wrong.isEmpty()) {
      throw new AssertionError("the model provider was used wrongly: " + wrong);
    }
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        open.add(connection);
        accepted.incrementAndGet();
        var _ = connections.submit(() -> serve(connection));
      } catch (IOException _) {
        return; // Closed.
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(connection.getInputStream());
      OutputStream out = connection.getOutputStream();
      while (one(in, out)) {
        // The connection is used again for the next request.
      }
    } catch (IOException | InterruptedException _) {
      // The client left, or the test is over.
    } catch (RuntimeException e) {
      problems.add("a request that cannot be read: " + e);
    } finally {
      open.remove(connection);
    }
  }

  private boolean one(InputStream in, OutputStream out) throws IOException, InterruptedException {
    String requestLine = line(in);
    if (requestLine == null) {
      return false;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      return false; // The client left while it was still asking.
    }
    String body = new String(bytes, StandardCharsets.UTF_8);
    String[] parts = requestLine.split(" ", -1);
    List<String> wrong = new ArrayList<>();
    checkAuthentication(headers, wrong);
    if (parts[0].equals("GET") && parts[1].startsWith(wire.basePath + "/models")) {
      problems.addAll(wrong);
      plain(out, listStatus, "application/json", Map.of(), listed);
      return true;
    }
    if (!parts[0].equals("POST") || !wire.isCall(parts[1])) {
      problems.add("an unknown address: " + requestLine);
      plain(out, 404, "application/json", Map.of(), "{}");
      return true;
    }
    ReceivedRequest request = wire.read(parts[1], headers, body, wrong);
    RequestRules.check(request, wrong);
    Reply reply = script.poll();
    Function<ReceivedRequest, Reply> otherwise = always;
    if (reply == null && otherwise != null) {
      reply = otherwise.apply(request);
    }
    if (reply == null) {
      wrong.add("an unexpected call");
    } else {
      RequestRules.checkExpected(request, reply, wrong);
    }
    problems.addAll(wrong);
    requests.add(request);
    received.release();
    if (reply == null || !wrong.isEmpty()) {
      plain(out, 400, "application/json", Map.of(), "{}");
      return true;
    }
    return answer(reply, request, in, out);
  }

  private void checkAuthentication(Map<String, String> headers, List<String> wrong) {
    Map<String, String> expected = key == null ? Map.of() : wire.authentication(key);
    for (String name : ProviderWire.AUTHENTICATION_HEADERS) {
      String sent = headers.get(name);
      String wanted = expected.get(name);
      if (sent == null ? wanted != null : !sent.equals(wanted)) {
        wrong.add("header " + name + " must be " + wanted + ", not " + sent);
      }
    }
  }

  private boolean answer(Reply reply, ReceivedRequest request, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    String page = reply.plainBody;
    if (page != null) {
      plain(out, reply.status, reply.contentType, reply.headers, page);
      return true;
    }
    if (!reply.beforeHeaders) {
      head(out, reply.status, reply.contentType, reply.headers, "Transfer-Encoding: chunked");
    }
    ProviderStream stream = wire.stream(request.model(), reply.tokens);
    try {
      if (!reply.beforeHeaders) {
        chunk(out, stream.start());
      }
      for (Reply.Step step : reply.steps) {
        switch (step) {
          case Reply.Step.Text(String piece) -> chunk(out, stream.text(piece));
          case Reply.Step.Thinking(String piece) -> chunk(out, stream.thinking(piece));
          case Reply.Step.Raw(String text) -> chunk(out, text);
          case Reply.Step.Hold hold -> {
            hold.reached().countDown();
            hold.release().await();
          }
          case Reply.Step.Silence() -> {
            // A client that leaves ends this read.
            if (in.read() >= 0) {
              throw new IllegalStateException("bytes came in the middle of an answer");
            }
            throw new IOException("gone");
          }
          case Reply.Step.Cut() -> {
            if (!reply.beforeHeaders) {
              write(out, "ffff\r\ndata: {\"half");
            }
            return false;
          }
          case Reply.Step.End() -> {
            write(out, "0\r\n\r\n");
            return true;
          }
          case Reply.Step.Endless(String piece) -> endless(out, stream.text(piece));
          case Reply.Step.EndlessComments() -> endless(out, ": still working\n\n");
        }
      }
      write(out, framed(stream.finish(reply.finish)) + "0\r\n\r\n");
      return true;
    } catch (IOException e) {
      gone.release();
      throw e;
    }
  }

  private void endless(OutputStream out, String frame) throws IOException {
    for (int i = 0; i < ENDLESS_FRAMES_MAX; i++) {
      chunk(out, frame);
    }
    problems.add("a client read an endless stream without end");
  }

  private static void plain(
      OutputStream out, int status, String type, Map<String, String> headers, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    head(out, status, type, headers, "Content-Length: " + bytes.length);
    out.write(bytes);
    out.flush();
  }

  private static void head(
      OutputStream out, int status, String type, Map<String, String> headers, String framing)
      throws IOException {
    StringBuilder head =
        new StringBuilder("HTTP/1.1 " + status + " Scripted\r\nContent-Type: " + type + "\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    write(out, head + framing + "\r\n\r\n");
  }

  private static void chunk(OutputStream out, String text) throws IOException {
    if (!text.isEmpty()) {
      write(out, framed(text));
    }
  }

  private static String framed(String text) {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    return Integer.toHexString(length) + "\r\n" + text + "\r\n";
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      bytes.write(b);
    }
    return bytes.toString(StandardCharsets.UTF_8).stripTrailing();
  }
}
