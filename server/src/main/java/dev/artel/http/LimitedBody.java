package dev.artel.http;

import dev.artel.base.Fault;
import dev.artel.protocol.ErrorCode;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.WebUtils;

/// A request whose body ends with a fault where the limit is, however it was sent, and which can be
/// looked at before its handler reads it.
final class LimitedBody extends HttpServletRequestWrapper {
  private int bytesMax;
  private byte @Nullable [] whole;
  private @Nullable ServletInputStream stream;

  LimitedBody(HttpServletRequest request, int bytesMax) {
    super(request);
    this.bytesMax = bytesMax;
  }

  static LimitedBody of(HttpServletRequest request) {
    LimitedBody body = WebUtils.getNativeRequest(request, LimitedBody.class);
    if (body == null) {
      throw new IllegalStateException("the request did not pass the edge");
    }
    return body;
  }

  /// Sets the limit of the route that will read the body, and refuses a body that announces more.
  void limit(int bytes) {
    bytesMax = bytes;
    if (getContentLengthLong() > bytes) {
      throw tooLarge();
    }
  }

  /// The whole body. The handler will read the same bytes.
  byte[] whole() throws IOException {
    byte[] known = whole;
    if (known == null) {
      try (InputStream body = getInputStream()) {
        known = body.readAllBytes();
      }
      whole = known;
      stream = new Counted(new ByteArrayInputStream(known));
    }
    return known;
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    ServletInputStream open = stream;
    if (open == null) {
      open = new Counted(super.getInputStream());
      stream = open;
    }
    return open;
  }

  private Fault tooLarge() {
    return Fault.of(
            ErrorCode.PAYLOAD_TOO_LARGE,
            "The body is larger than the %d bytes that this route takes.".formatted(bytesMax))
        .with("bytes_max", bytesMax);
  }

  private final class Counted extends ServletInputStream {
    private final InputStream body;
    private long bytes;
    private boolean finished;

    Counted(InputStream body) {
      this.body = body;
    }

    @Override
    public int read() throws IOException {
      int one = body.read();
      count(one < 0 ? -1 : 1);
      return one;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int read = body.read(into, from, length);
      count(read);
      return read;
    }

    private void count(int read) {
      if (read < 0) {
        finished = true;
        return;
      }
      bytes += read;
      if (bytes > bytesMax) {
        throw tooLarge();
      }
    }

    @Override
    public boolean isFinished() {
      return finished;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new UnsupportedOperationException("bodies are read by blocking");
    }
  }
}
