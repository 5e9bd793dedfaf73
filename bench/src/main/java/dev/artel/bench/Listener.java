package dev.artel.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;

/// An HTTP/1.1 server in the fewest lines: a virtual thread for each connection, which is kept.
final class Listener {
  /// Answers one request, framing included.
  interface Answering {
    void answer(String method, String path, byte[] body, OutputStream out) throws IOException;
  }

  private Listener() {}

  /// Serves until the process ends; prints the port as `port N`.
  static void serve(Answering answering) throws IOException {
    var server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    System.out.println("port " + server.getLocalPort());
    while (true) {
      Socket socket = server.accept();
      Thread.ofVirtual().start(() -> serve(socket, answering));
    }
  }

  private static void serve(Socket socket, Answering answering) {
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      for (String first = line(in); !first.isEmpty(); first = line(in)) {
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
          if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
            length = Integer.parseInt(header.substring(15).strip());
          }
        }
        String[] words = first.split(" ", -1);
        answering.answer(words[0], words[1], in.readNBytes(length), out);
        out.flush();
      }
    } catch (IOException _) {
      // The caller left.
    }
  }

  /// Empty also at the end.
  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
