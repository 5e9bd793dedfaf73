package dev.artel.chat;

import dev.artel.db.Db;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.OwnDatabase;
import dev.artel.testing.ProviderWire;
import dev.artel.testing.ReceivedRequest;
import dev.artel.testing.Reply;
import dev.artel.testing.ScriptedProviderServer;
import dev.artel.testing.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// A service whose only model is a scripted one. What the script does not answer is answered with
/// `re: ` and the question; a question can be held until the test lets it go.
final class ChatWorld implements AutoCloseable {
  final ScriptedProviderServer model;
  final World world;
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  /// A question whose answer waits in the model.
  record Held(CountDownLatch reached, CountDownLatch release) {
    void awaitReached() throws InterruptedException {
      if (!reached.await(30, java.util.concurrent.TimeUnit.SECONDS)) {
        throw new AssertionError("the model was not asked");
      }
    }

    void letGo() {
      release.countDown();
    }
  }

  private ChatWorld(ScriptedProviderServer model, World world) {
    this.model = model;
    this.world = world;
  }

  static ChatWorld start(String... settings) {
    try {
      var model = ScriptedProviderServer.start(ProviderWire.OPENAI, "test-key");
      var environment = new LinkedHashMap<String, String>();
      environment.put("ARTEL_OPENAI_BASE_URL", model.url().toString());
      environment.put("ARTEL_OPENAI_API_KEY", "test-key");
      environment.put("ARTEL_DEFAULT_MODEL", "openai/test-model");
      environment.put("ARTEL_MODEL_MAX_TRIES", "1");
      for (int i = 0; i < settings.length; i += 2) {
        environment.put(settings[i], settings[i + 1]);
      }
      var world = new ChatWorld(model, World.start(OwnDatabase.settings(), environment));
      world.answerByDefault();
      return world;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  void answerByDefault() {
    model.always(this::answer);
  }

  private Reply answer(ReceivedRequest request) {
    String asked = request.lastText().substring(request.lastText().lastIndexOf('\n') + 1);
    Held hold = held.get(asked);
    return hold == null
        ? Reply.of("re: ", asked)
        : Reply.of("re: ").hold(hold.reached(), hold.release()).text(asked);
  }

  /// Lets the model's answer to that question wait after its first piece.
  Held hold(String question) {
    var hold = new Held(new CountDownLatch(1), new CountDownLatch(1));
    held.put(question, hold);
    return hold;
  }

  Db db() {
    return OwnDatabase.db();
  }

  Talk talk() {
    return talk(world.user());
  }

  /// A new session of that user.
  Talk talk(Client me) {
    Answer made = me.post("/my/chat/sessions/", Map.of()).expect(201);
    return new Talk(me, made.json().get("id").asString());
  }

  @Override
  public void close() throws IOException {
    held.values().forEach(Held::letGo);
    world.close();
    model.close();
  }
}
