package dev.artel.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/// How a bench tells another process of its own what to write: one line each way on a loopback
/// socket. `send COUNT BATCH` writes at once, `pace RATE SECONDS` evenly.
final class Control implements AutoCloseable {
  private static final int TICKS_PER_SECOND = 100;

  /// What the other process can do.
  interface Source {
    /// Writes that many lines as one unit.
    void write(int lines) throws Exception;
  }

  private final Socket socket;
  private final BufferedReader in;

  Control(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  String ask(String line) throws IOException {
    socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    String answer = in.readLine();
    if (answer == null || !answer.startsWith("ok")) {
      throw new IllegalStateException("a process of the bench answered " + answer);
    }
    return answer.substring(2).strip();
  }

  /// Serves until the process ends; prints the port as `control N`.
  static void serve(Source source) throws IOException {
    var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    System.out.println("control " + server.getLocalPort());
    while (true) {
      try (Socket socket = server.accept()) {
        socket.setTcpNoDelay(true);
        var in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          String answer;
          try {
            answer = "ok " + does(source, line.split(" ", -1));
          } catch (Exception failure) {
            answer = "failed " + failure;
          }
          socket.getOutputStream().write((answer + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
    }
  }

  private static String does(Source source, String[] words) throws Exception {
    int first = Integer.parseInt(words[1]);
    int second = Integer.parseInt(words[2]);
    if (words[0].equals("send")) {
      for (int left = first; left > 0; left -= second) {
        source.write(Math.min(left, second));
      }
      return "";
    }
    return pace(source, first, second);
  }

  /// @return lines a second that were reached
  private static String pace(Source source, int rate, int seconds) throws Exception {
    int ticks = Math.min(rate, TICKS_PER_SECOND);
    long start = System.nanoTime();
    long written = 0;
    for (int tick = 0; tick < ticks * seconds; tick++) {
      long due = start + tick * 1_000_000_000L / ticks;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      int n = (int) ((tick + 1L) * rate / ticks - (long) tick * rate / ticks);
      source.write(n);
      written += n;
    }
    return String.valueOf(written * 1_000_000_000L / Math.max(1, System.nanoTime() - start));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
