package dev.artel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A committed file that code produces. The test fails when they differ; `./dev golden` (the system
/// property `artel.golden=update`) writes it anew, and the difference is read in review.
public final class Golden {
  private static final boolean UPDATE = "update".equals(System.getProperty("artel.golden"));

  private Golden() {}

  /// Compares the file at that path of the repository with what the code produces now.
  public static void check(String path, String produced) {
    Path file = root().resolve(path);
    try {
      if (UPDATE) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, produced);
        return;
      }
      assertThat(file)
          .as("%s is produced by code; ./dev golden writes it", path)
          .exists()
          .content()
          .isEqualTo(produced);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// The folder of the repository.
  public static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("protocol/pom.xml"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("not inside the repository");
      }
    }
    return folder;
  }
}
