package dev.artel.boot;

import dev.artel.base.CannotStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The folder of one running service, locked until it is closed or the process dies: two services
/// on one folder would destroy each other's database.
final class DataFolder implements AutoCloseable {
  private static final String LOCK = "artel.lock";

  /// Holds the port while the service answers there.
  private static final String PORT = "port";

  private final Path home;
  private final FileChannel channel;

  private DataFolder(Path home, FileChannel channel) {
    this.home = home;
    this.channel = channel;
  }

  /// Makes the folder when it is missing and takes it.
  ///
  /// @throws CannotStart when it cannot be written, or another service has it
  static DataFolder take(Path home) {
    try {
      Files.createDirectories(home);
      Path file = home.resolve(LOCK);
      var channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
      if (!lock(channel)) {
        channel.close();
        throw new CannotStart(
            "another Artel%s already runs on %s: use it, stop it, or choose another folder with ARTEL_HOME (./dev up --home DIR)"
                .formatted(holder(file), home));
      }
      channel.truncate(0);
      channel.write(StandardCharsets.UTF_8.encode(Long.toString(ProcessHandle.current().pid())));
      Files.deleteIfExists(home.resolve(PORT));
      return new DataFolder(home, channel);
    } catch (IOException failure) {
      throw new CannotStart(
          "the data folder %s cannot be written: make it yours, or choose another with ARTEL_HOME (./dev up --home DIR)"
              .formatted(home),
          failure);
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  private static String holder(Path file) {
    try {
      String process = Files.readString(file).strip();
      return process.isEmpty() ? "" : " (process " + process + ")";
    } catch (IOException _) {
      return "";
    }
  }

  /// `artel` in the user's data directory, as the system's custom has it.
  static Path usual(Map<String, String> environment) {
    Path user = Path.of(System.getProperty("user.home"));
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (system.startsWith("mac")) {
      return user.resolve("Library/Application Support/artel");
    }
    if (system.startsWith("windows")) {
      return named(environment.get("LOCALAPPDATA"), user.resolve("AppData/Local")).resolve("artel");
    }
    return named(environment.get("XDG_DATA_HOME"), user.resolve(".local/share")).resolve("artel");
  }

  private static Path named(@Nullable String folder, Path otherwise) {
    return folder == null || folder.isBlank() ? otherwise : Path.of(folder);
  }

  /// Tells programs on this machine where the service answers.
  void tell(int port) {
    try {
      Files.writeString(home.resolve(PORT), port + "\n");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    try (channel) {
      Files.deleteIfExists(home.resolve(PORT));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
