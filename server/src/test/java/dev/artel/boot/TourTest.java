package dev.artel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.artel.protocol.UserId;
import dev.artel.testing.Golden;
import dev.artel.testing.TestDatabase;
import dev.artel.testing.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Executes the tour of the README, word for word but for the two lines that say where and who.
class TourTest {
  private static final Pattern BLOCK = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @Test
  void the_tour_of_the_readme_works() throws IOException, InterruptedException {
    assumeTrue(present("curl"), "no curl: install it with  apt-get install curl");
    World world = World.shared();
    UserId user = TestDatabase.newUser();
    Path script = Files.writeString(folder.resolve("tour.sh"), tour());
    Path heard = folder.resolve("heard");
    var builder =
        new ProcessBuilder("sh", "-eu", script.toString())
            .redirectErrorStream(true)
            .redirectOutput(heard.toFile());
    builder.environment().put("token", world.tokens().mint(user, Set.of()));
    builder.environment().put("api", world.base().resolve("/my").toString());

    int status = builder.start().waitFor();

    assertThat(status).isZero();
    assertThat(Files.readString(heard))
        .contains(
            "\"user_id\":\"" + user + "\"",
            "\"name\":\"Architect\"",
            "You wrote: What can you do?",
            "\"event_type\":\"message_created\"")
        .doesNotContain("error_code");
  }

  private static String tour() throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(Golden.root().resolve("README.md")));
    assertThat(block.find()).isTrue();
    return block
        .group(1)
        .lines()
        .filter(line -> !line.startsWith("token=") && !line.startsWith("api="))
        .collect(Collectors.joining("\n"));
  }

  private static boolean present(String program) throws InterruptedException {
    try {
      return new ProcessBuilder(program, "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
