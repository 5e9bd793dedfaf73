package dev.artel.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// An answer that is sent and, up to a size, also kept.
final class KeptAnswer extends HttpServletResponseWrapper {
  private static final int BYTES_MAX = 64 * 1024;

  private final ByteArrayOutputStream copy = new ByteArrayOutputStream();
  private boolean tooLarge;
  private @Nullable ServletOutputStream stream;
  private @Nullable PrintWriter writer;

  KeptAnswer(HttpServletResponse response) {
    super(response);
  }

  static boolean fits(int chars) {
    return chars <= BYTES_MAX / 4;
  }

  /// The body; null when it was too large to keep.
  @Nullable String text() {
    if (writer != null) {
      writer.flush();
    }
    return tooLarge ? null : copy.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void resetBuffer() {
    super.resetBuffer();
    copy.reset();
    tooLarge = false;
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    PrintWriter open = writer;
    if (open == null) {
      open = new PrintWriter(new OutputStreamWriter(getOutputStream(), StandardCharsets.UTF_8));
      writer = open;
    }
    return open;
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    ServletOutputStream open = stream;
    if (open == null) {
      open = new Tee(super.getOutputStream());
      stream = open;
    }
    return open;
  }

  private final class Tee extends ServletOutputStream {
    private final ServletOutputStream client;

    Tee(ServletOutputStream client) {
      this.client = client;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (copy.size() + length > BYTES_MAX) {
        tooLarge = true;
      } else {
        copy.write(bytes, from, length);
      }
      client.write(bytes, from, length);
    }

    @Override
    public void flush() throws IOException {
      client.flush();
    }

    @Override
    public void close() throws IOException {
      client.close();
    }

    @Override
    public boolean isReady() {
      return client.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      client.setWriteListener(listener);
    }
  }
}
