package dev.artel.bench;

import dev.artel.boot.Artel;
import dev.artel.boot.Config;
import dev.artel.boot.Running;
import dev.artel.db.Db;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.protocol.Event;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/// The product with one thread more, which appends to the log on demand: through the API one
/// transaction appends one event, and the disk, not the stream, would be what is measured.
final class Feeder {
  private Feeder() {}

  public static void main(String[] arguments) throws IOException {
    Running running = Artel.start(Config.of(System.getenv()));
    Runtime.getRuntime().addShutdownHook(new Thread(running::close));
    Path target = Path.of(System.getenv("ARTEL_HOME"), "target");
    Control.serve(lines -> append(running, target, lines));
  }

  /// The target file names user, project and session, a line each.
  private static void append(Running running, Path target, int lines) throws IOException {
    List<UUID> ids = Files.readAllLines(target).stream().map(UUID::fromString).toList();
    var user = new UserId(ids.get(0));
    var project = new ProjectId(ids.get(1));
    var session = new SessionId(ids.get(2));
    EventLog events = running.door(EventLog.class);
    running
        .door(Db.class)
        .does(
            user,
            tx -> {
              for (int i = 0; i < lines; i++) {
                events.append(
                    tx,
                    user,
                    Draft.in(
                        project,
                        session,
                        new Event.SessionUpdated(session, "Bench", i % 2 == 0, false, null)));
              }
            });
  }
}
