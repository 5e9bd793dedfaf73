package dev.artel.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/// Begins an answer that streams: sets its headers and hands out the sink. Written straight to the
/// servlet's stream, because the framework's own streaming body no longer flushes line by line.
public final class StreamAnswer {
  private StreamAnswer() {}

  public static Sink begin(HttpServletResponse response, String mediaType) throws IOException {
    response.setStatus(200);
    response.setContentType(mediaType);
    response.setHeader("Cache-Control", "no-cache");
    response.setHeader("Connection", "keep-alive");
    response.setHeader("X-Accel-Buffering", "no");
    ServletOutputStream out = response.getOutputStream();
    return new Sink() {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
      }

      @Override
      public void flush() throws IOException {
        out.flush();
      }
    };
  }
}
