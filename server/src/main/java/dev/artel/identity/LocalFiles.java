package dev.artel.identity;

import dev.artel.protocol.UserId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;

/// What local mode keeps in the home: the key that signs, and who the one user is. Made when first
/// asked for, readable by their owner alone.
final class LocalFiles {
  private static final String KEY = "signing.key";
  private static final int KEY_BYTES = 32;
  private static final String USER = "local-user";

  private LocalFiles() {}

  static byte[] signingKey(Path home) {
    byte[] fresh = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(fresh);
    String kept = kept(home, KEY, Base64.getUrlEncoder().withoutPadding().encodeToString(fresh));
    try {
      return Base64.getUrlDecoder().decode(kept);
    } catch (IllegalArgumentException damaged) {
      throw new IllegalStateException(
          "%s is damaged; delete it to have a new one made (everyone signs in again)"
              .formatted(home.resolve(KEY)),
          damaged);
    }
  }

  static UserId user(Path home) {
    return new UserId(UUID.fromString(kept(home, USER, UUID.randomUUID().toString())));
  }

  private static String kept(Path home, String name, String fresh) {
    Path file = home.resolve(name);
    try {
      if (!Files.exists(file)) {
        Files.createDirectories(home);
        // Written aside and linked into place: a second process sees all of it or none, and the
        // first one wins.
        Path aside = Files.createTempFile(home, name, ".new", ownerOnly(home));
        try {
          Files.writeString(aside, fresh);
          Files.createLink(file, aside);
        } catch (FileAlreadyExistsException _) {
          // Another process was first; its value is read below.
        } finally {
          Files.delete(aside);
        }
      }
      return Files.readString(file).strip();
    } catch (IOException failure) {
      throw new UncheckedIOException(
          "%s cannot be read or made: %s".formatted(file, failure.getMessage()), failure);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path home) {
    return home.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
