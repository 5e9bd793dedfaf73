package dev.artel.protocol;

import java.util.Locale;

/// An enumeration whose constants are spelled in lower case on the wire.
public interface Words {
  String name();

  default String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
