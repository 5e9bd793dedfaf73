package dev.artel.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalFilesTest {
  @TempDir private Path home;

  @Test
  void a_key_is_made_once_for_its_owner_alone() throws Exception {
    Path inside = home.resolve("new/artel");
    byte[] key = LocalFiles.signingKey(inside);
    assertThat(key).hasSize(32);
    assertThat(LocalFiles.signingKey(inside)).isEqualTo(key);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(inside.resolve("signing.key"))))
        .isEqualTo("rw-------");
    assertThat(LocalFiles.signingKey(home)).isNotEqualTo(key);
    try (Stream<Path> files = Files.list(inside)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("signing.key");
    }
  }

  @Test
  void the_local_user_stays_the_same() {
    assertThat(LocalFiles.user(home)).isEqualTo(LocalFiles.user(home));
  }

  @Test
  void many_that_start_at_once_agree() throws Exception {
    Callable<String> read = () -> java.util.HexFormat.of().formatHex(LocalFiles.signingKey(home));
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<String> seen =
          threads.invokeAll(java.util.Collections.nCopies(32, read)).stream()
              .map(java.util.concurrent.Future::resultNow)
              .distinct()
              .toList();
      assertThat(seen).hasSize(1);
    }
  }

  @Test
  void a_damaged_key_and_an_unusable_home_are_told_with_the_remedy() throws Exception {
    Files.writeString(home.resolve("signing.key"), "not base64!");
    assertThatThrownBy(() -> LocalFiles.signingKey(home))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("signing.key is damaged; delete it");
    Path file = Files.writeString(home.resolve("file"), "");
    assertThatThrownBy(() -> LocalFiles.user(file.resolve("below")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot be read or made");
  }
}
