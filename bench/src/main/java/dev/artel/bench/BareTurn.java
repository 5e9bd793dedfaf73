package dev.artel.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/// The least that answers a message with a model: a handler that calls it, reads its stream to the
/// end and answers with the text. Keeps nothing, knows nobody, tells nobody.
final class BareTurn {
  private BareTurn() {}

  public static void main(String[] arguments) throws IOException {
    HttpClient client = HttpClient.newHttpClient();
    var model =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + arguments[0] + "/v1/chat/completions"))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"fixed\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"))
            .build();
    Listener.serve((_, _, _, out) -> {
      try {
        var text = new StringBuilder();
        client
            .send(model, HttpResponse.BodyHandlers.ofLines())
            .body()
            .filter(line -> line.startsWith("data: {"))
            .forEach(line -> text.append(content(line)));
        String json = "{\"content\":\"" + text + "\"}";
        out.write(
            ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                    + json.length()
                    + "\r\n\r\n"
                    + json)
                .getBytes(StandardCharsets.UTF_8));
      } catch (InterruptedException stopped) {
        throw new IOException(stopped);
      }
    });
  }

  private static String content(String line) {
    int at = line.indexOf("\"content\":\"");
    return at < 0 ? "" : line.substring(at + 11, line.indexOf('"', at + 11));
  }
}
