package dev.artel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.UserId;
import dev.artel.testing.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ChatExampleTest {
  private static final Path EXAMPLE = Path.of("..", "examples", "chat.py");

  @Test
  @Accepts("X-20")
  void the_demo_client_chats_with_two_agents_of_a_fresh_user() throws Exception {
    assumeThat(hasPython()).as("python3, which examples/chat.py needs, is missing here").isTrue();
    World world = World.shared();
    var builder =
        new ProcessBuilder(
            "python3", EXAMPLE.toString(), "--url", world.base().toString(), "--agent", "Code");
    builder
        .environment()
        .put("TOKEN", world.tokens().mint(new UserId(UUID.randomUUID()), Set.of()));
    builder.redirectErrorStream(true);
    Process client = builder.start();
    try (var input = client.outputWriter(StandardCharsets.UTF_8)) {
      input.write("Hello there\n@ask And who are you?\n");
    }
    String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(client.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said)
        .containsSubsequence(
            "Code: ", "Hello there", "demo model", "Ask: ", "And who are you?", "demo model");
    assertThat(client.exitValue()).isZero();
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
