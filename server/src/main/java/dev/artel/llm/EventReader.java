package dev.artel.llm;

import dev.langchain4j.http.client.sse.ServerSentEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Reads server-sent events from a body, as the HTML standard frames them. An event that the end of
/// the body cuts off is dropped, as the standard says. Ids and reconnection times are not used.
final class EventReader {
  // A sane event is a few hundred bytes; a line without end must not fill the heap.
  private static final int EVENT_BYTES_MAX = 4 << 20;

  private final StreamBytes body;
  private final Patience patience;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
  private ByteBuffer chunk = ByteBuffer.allocate(0);

  EventReader(StreamBytes body, Patience patience) {
    this.body = body;
    this.patience = patience;
  }

  /// The next event, or null at the end of the body.
  @Nullable ServerSentEvent next() throws IOException, TimeoutException, InterruptedException {
    String name = null;
    StringBuilder data = null;
    for (String text = line(); text != null; text = line()) {
      if (text.isEmpty()) {
        if (data != null) {
          return new ServerSentEvent(name, data.toString());
        }
        name = null;
        continue;
      }
      int colon = text.indexOf(':');
      String field = colon < 0 ? text : text.substring(0, colon);
      String value = colon < 0 ? "" : text.substring(colon + 1);
      value = value.startsWith(" ") ? value.substring(1) : value;
      switch (field) {
        case "event" -> name = value;
        case "data" ->
            data = data == null ? new StringBuilder(value) : data.append('\n').append(value);
        default -> {}
      }
      if (data != null && data.length() > EVENT_BYTES_MAX) {
        throw new IOException("an event is longer than " + EVENT_BYTES_MAX);
      }
    }
    return null;
  }

  private @Nullable String line() throws IOException, TimeoutException, InterruptedException {
    line.reset();
    while (true) {
      while (chunk.hasRemaining()) {
        byte b = chunk.get();
        if (b == '\n') {
          String text = line.toString(StandardCharsets.UTF_8);
          return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        }
        line.write(b);
        if (line.size() > EVENT_BYTES_MAX) {
          throw new IOException("a line is longer than " + EVENT_BYTES_MAX);
        }
      }
      // Checked before data that is already there is taken: a sender of endless comments never lets
      // a read wait.
      long left = patience.leftNanos();
      if (left <= 0) {
        throw new TimeoutException();
      }
      ByteBuffer next = body.next(left);
      if (next == null) {
        return null;
      }
      chunk = next;
    }
  }
}
