package dev.artel.identity;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/// The lines that one class or name logs while this is open: level, message, then every key and
/// value, those of the context included.
final class Captured implements AutoCloseable {
  private final Logger logger;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          var pairs = event.getKeyValuePairs();
          lines.add(
              event.getLevel()
                  + " "
                  + event.getFormattedMessage()
                  + (pairs == null
                      ? ""
                      : pairs.stream()
                          .map(pair -> " " + pair.key + "=" + pair.value)
                          .collect(Collectors.joining()))
                  + event.getMDCPropertyMap().entrySet().stream()
                      .map(pair -> " " + pair.getKey() + "=" + pair.getValue())
                      .collect(Collectors.joining())
                  + (event.getMarkerList() == null ? "" : " " + event.getMarkerList()));
        }
      };

  private Captured(Logger logger) {
    this.logger = logger;
  }

  static Captured of(Class<?> kind) {
    return of(kind.getName());
  }

  static Captured of(String name) {
    var captured = new Captured((Logger) LoggerFactory.getLogger(name));
    // A service that was started or stopped in this process has its own say about levels.
    captured.logger.setLevel(Level.INFO);
    captured.appender.start();
    captured.logger.addAppender(captured.appender);
    return captured;
  }

  /// The one line that contains the mark; a request's comes when the client has its answer.
  String only(String mark) {
    await().until(() -> lines.stream().anyMatch(line -> line.contains(mark)));
    List<String> found = lines.stream().filter(line -> line.contains(mark)).toList();
    if (found.size() != 1) {
      throw new AssertionError("expected one line with " + mark + ", got " + found);
    }
    return found.getFirst();
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setLevel(null);
  }
}
