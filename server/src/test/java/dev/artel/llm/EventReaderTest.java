package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.http.client.sse.ServerSentEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class EventReaderTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  // Every chunk holds one byte, so that each boundary falls inside something.
  private static List<ServerSentEvent> read(String text) throws Exception {
    StreamBytes body = new StreamBytes();
    List<byte[]> bytes = new ArrayList<>();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      bytes.add(new byte[] {b});
    }
    feed(body, bytes);
    EventReader reader = new EventReader(body, new Patience(LONG, LONG));
    List<ServerSentEvent> events = new ArrayList<>();
    for (ServerSentEvent event = reader.next(); event != null; event = reader.next()) {
      events.add(event);
    }
    return events;
  }

  private static void feed(StreamBytes body, List<byte[]> chunks) {
    body.onSubscribe(
        new Flow.Subscription() {
          private int next;

          @Override
          public void request(long n) {
            if (next < chunks.size()) {
              body.onNext(List.of(ByteBuffer.wrap(chunks.get(next++))));
            } else {
              body.onComplete();
            }
          }

          @Override
          public void cancel() {}
        });
  }

  @Test
  void events_are_split_at_blank_lines() throws Exception {
    assertThat(read("data: a\n\nevent: x\ndata:b\ndata: c\n\n"))
        .containsExactly(new ServerSentEvent(null, "a"), new ServerSentEvent("x", "b\nc"));
  }

  @Test
  void comments_ids_and_carriage_returns_are_passed_over() throws Exception {
    assertThat(read(": hi\r\nid: 7\r\nretry: 5\r\ndata: Привет 👋\r\n\r\n\r\n"))
        .containsExactly(new ServerSentEvent(null, "Привет 👋"));
  }

  @Test
  void an_event_that_is_cut_off_is_dropped() throws Exception {
    assertThat(read("data: a\n\ndata: half")).containsExactly(new ServerSentEvent(null, "a"));
  }

  @Test
  void a_name_without_data_is_no_event() throws Exception {
    assertThat(read("event: x\n\ndata: a\n\n")).containsExactly(new ServerSentEvent(null, "a"));
  }

  @Test
  void a_line_without_end_is_refused() {
    StreamBytes body = new StreamBytes();
    List<byte[]> chunks = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      byte[] megabyte = new byte[1 << 20];
      Arrays.fill(megabyte, (byte) 'x');
      chunks.add(megabyte);
    }
    feed(body, chunks);
    EventReader reader = new EventReader(body, new Patience(LONG, LONG));

    assertThatThrownBy(reader::next).isInstanceOf(IOException.class);
  }

  @Test
  void comments_that_never_end_do_not_outlast_the_patience() {
    StreamBytes body = new StreamBytes();
    byte[] comment = ": still working\n\n".getBytes(StandardCharsets.UTF_8);
    feed(body, Collections.nCopies(20_000_000, comment));
    EventReader reader = new EventReader(body, new Patience(Duration.ofMillis(20), LONG));

    assertThatThrownBy(reader::next).isInstanceOf(TimeoutException.class);
  }
}
