package dev.artel.http;

import java.io.IOException;

/// The writing end of a stream that stays open. Writing blocks the calling virtual thread until the
/// client's side takes the bytes; an interrupt ends a blocked write.
public interface Sink {
  void write(byte[] bytes, int offset, int length) throws IOException;

  void flush() throws IOException;
}
