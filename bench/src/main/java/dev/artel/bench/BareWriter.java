package dev.artel.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/// The least that brings a line to many readers: sockets, the same framing, no log, no HTTP server,
/// no user. One thread writes to all, one after another.
final class BareWriter {
  private static final int BATCH_LINES = 32;
  private static final String ID = UUID.randomUUID().toString();

  private final List<SocketChannel> readers = new CopyOnWriteArrayList<>();
  private long written;

  private BareWriter() {}

  public static void main(String[] arguments) throws IOException {
    var writer = new BareWriter();
    var server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
    System.out.println("port " + ((InetSocketAddress) server.getLocalAddress()).getPort());
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            while (true) {
              SocketChannel channel = server.accept();
              Thread.ofVirtual().start(() -> writer.serve(channel));
            }
          } catch (IOException failure) {
            throw new IllegalStateException(failure);
          }
        });
    Control.serve(writer::write);
  }

  /// Answers the one request, then waits for the end. A path `/resume/N` first gets N lines.
  private void serve(SocketChannel channel) {
    try (channel) {
      channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
      String path = request(channel);
      send(
          channel,
          ("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
                  + chunk("{\"event_id\":null,\"event_type\":\"heartbeat\"}\n"))
              .getBytes(StandardCharsets.UTF_8));
      if (path.startsWith("/resume/")) {
        int left = Integer.parseInt(path.substring("/resume/".length()));
        for (; left > 0; left -= BATCH_LINES) {
          send(channel, lines(Math.min(left, BATCH_LINES)));
        }
      }
      readers.add(channel);
      var waste = ByteBuffer.allocate(16);
      while (channel.read(waste) >= 0) {
        waste.clear();
      }
    } catch (IOException _) {
      // The reader left.
    } finally {
      readers.remove(channel);
    }
  }

  private static String request(SocketChannel channel) throws IOException {
    var text = new StringBuilder();
    var buffer = ByteBuffer.allocate(2048);
    while (text.indexOf("\r\n\r\n") < 0 && channel.read(buffer) >= 0) {
      text.append(StandardCharsets.UTF_8.decode(buffer.flip()));
      buffer.clear();
    }
    return text.toString().split(" ", 3)[1];
  }

  private void write(int count) throws IOException {
    for (int left = count; left > 0; left -= BATCH_LINES) {
      byte[] bytes = lines(Math.min(left, BATCH_LINES));
      for (SocketChannel reader : readers) {
        send(reader, bytes);
      }
    }
  }

  private static void send(SocketChannel channel, byte[] bytes) throws IOException {
    var buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /// As long as the product's lines of the same event.
  private byte[] lines(int count) {
    String now = Instant.now().truncatedTo(ChronoUnit.MICROS).toString();
    var text = new StringBuilder(count * 700);
    for (int i = 0; i < count; i++) {
      written++;
      text.append(
          """
          {"event_id":"%1$s","event_type":"session_updated","type":"session_updated","payload":\
          {"event_id":"%1$s","project_id":"%1$s","user_id":"%1$s","timestamp":"%2$s",\
          "aggregate":{"type":"session","id":"%1$s"},"session_id":"%1$s","title":"Bench",\
          "pinned":true,"archived":false,"forked_from":null},"timestamp":"%2$s",\
          "session_id":"%1$s","project_id":"%1$s","seq":%3$d,"project_seq":%3$d}
          """
              .formatted(ID, now, written));
    }
    return chunk(text.toString()).getBytes(StandardCharsets.UTF_8);
  }

  private static String chunk(String payload) {
    return Integer.toHexString(payload.length()) + "\r\n" + payload + "\r\n";
  }
}
