package dev.artel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.artel.protocol.UserId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.LoggerFactory;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AccessLineTest {
  private final EdgeServer server = EdgeServer.local();
  private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
  private final Logger access = (Logger) LoggerFactory.getLogger("dev.artel.access");
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
          line.prepareForDeferredProcessing();
          lines.add(line);
        }
      };

  @BeforeAll
  void listen() {
    access.setLevel(Level.INFO);
    appender.start();
    access.addAppender(appender);
  }

  @AfterAll
  void stop() {
    access.detachAppender(appender);
    access.setLevel(null);
    server.close();
  }

  @Test
  void a_request_leaves_one_line_that_says_who_what_and_how_it_went_and_no_secret()
      throws Exception {
    var user = new UserId(UUID.randomUUID());
    UUID thing = UUID.randomUUID();
    server.send(
        server
            .request("/my/things/" + thing + "?token=hunter2", user)
            .header("X-Request-ID", "request-7")
            .header("Cookie", "artel_refresh=hunter2")
            .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

    await().until(() -> !lines.isEmpty());
    assertThat(lines).hasSize(1);
    ILoggingEvent line = lines.getFirst();
    Map<String, String> said =
        line.getKeyValuePairs().stream()
            .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value)));
    assertThat(said)
        .containsEntry("method", "GET")
        .containsEntry("route", "/my/things/{id}")
        .containsEntry("path", "/my/things/" + thing)
        .containsEntry("status", "200")
        .containsEntry("client_ip", "127.0.0.1")
        .containsEntry("user_id", user.toString())
        .containsKey("millis");
    assertThat(line.getMDCPropertyMap())
        .containsEntry("request_id", "request-7")
        .containsEntry("trace_id", "0af7651916cd43dd8448eb211c80319c")
        .containsEntry("caller_id", user.toString());
    assertThat(said.keySet())
        .as("named twice, a field makes the line no valid JSON, and it is lost")
        .doesNotContainAnyElementsOf(line.getMDCPropertyMap().keySet());
    assertThat(said + line.getFormattedMessage() + line.getMDCPropertyMap())
        .doesNotContain("hunter2", "Bearer");
  }
}
