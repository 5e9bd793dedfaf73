package dev.artel.testing;

import dev.artel.testing.ReceivedRequest.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The wire formats that a [ScriptedProviderServer] speaks.
public enum ProviderWire {
  OPENAI("/v1") {
    @Override
    boolean isCall(String path) {
      return path.equals("/v1/chat/completions");
    }

    @Override
    Map<String, String> authentication(String key) {
      return Map.of("authorization", "Bearer " + key);
    }

    @Override
    ReceivedRequest read(
        String path, Map<String, String> headers, String body, List<String> problems) {
      JsonNode json = JSON.readTree(body);
      check(problems, json.path("stream").asBoolean(false), "stream must be true");
      check(
          problems,
          json.path("stream_options").path("include_usage").asBoolean(false),
          "usage must be asked for");
      String system = null;
      List<Turn> turns = new ArrayList<>();
      for (JsonNode message : json.path("messages")) {
        String role = message.path("role").asString("");
        String text = textOf(message.path("content"));
        if (role.equals("system") || role.equals("developer")) {
          check(problems, system == null && turns.isEmpty(), "one system message, and it is first");
          system = text;
        } else {
          turns.add(new Turn(role, text));
        }
      }
      JsonNode limit =
          json.has("max_tokens") ? json.path("max_tokens") : json.path("max_completion_tokens");
      return new ReceivedRequest(
          json.path("model").asString(""),
          system,
          turns,
          json.has("temperature") ? json.path("temperature").asDouble() : null,
          limit.isInt() ? limit.intValue() : null,
          headers,
          body);
    }

    @Override
    String models(List<String> names) {
      return JSON.writeValueAsString(
          Map.of("object", "list", "data", names.stream().map(n -> Map.of("id", n)).toList()));
    }

    @Override
    ProviderStream stream(String model, Reply.@Nullable Tokens tokens) {
      return new ProviderStream.OpenAi(model, tokens);
    }
  },

  ANTHROPIC("/v1") {
    @Override
    boolean isCall(String path) {
      return path.equals("/v1/messages");
    }

    @Override
    Map<String, String> authentication(String key) {
      return Map.of("x-api-key", key);
    }

    @Override
    ReceivedRequest read(
        String path, Map<String, String> headers, String body, List<String> problems) {
      JsonNode json = JSON.readTree(body);
      check(problems, json.path("stream").asBoolean(false), "stream must be true");
      check(problems, headers.containsKey("anthropic-version"), "a version must be named");
      List<Turn> turns = new ArrayList<>();
      for (JsonNode message : json.path("messages")) {
        turns.add(new Turn(message.path("role").asString(""), textOf(message.path("content"))));
      }
      return new ReceivedRequest(
          json.path("model").asString(""),
          json.has("system") ? textOf(json.path("system")) : null,
          turns,
          json.has("temperature") ? json.path("temperature").asDouble() : null,
          json.path("max_tokens").isInt() ? json.path("max_tokens").intValue() : null,
          headers,
          body);
    }

    @Override
    String models(List<String> names) {
      return JSON.writeValueAsString(
          Map.of("data", names.stream().map(n -> Map.of("type", "model", "id", n)).toList()));
    }

    @Override
    ProviderStream stream(String model, Reply.@Nullable Tokens tokens) {
      return new ProviderStream.Anthropic(model, tokens);
    }
  },

  GEMINI("/v1beta") {
    @Override
    boolean isCall(String path) {
      return path.startsWith("/v1beta/models/") && path.endsWith(":streamGenerateContent?alt=sse");
    }

    @Override
    Map<String, String> authentication(String key) {
      return Map.of("x-goog-api-key", key);
    }

    @Override
    ReceivedRequest read(
        String path, Map<String, String> headers, String body, List<String> problems) {
      JsonNode json = JSON.readTree(body);
      List<Turn> turns = new ArrayList<>();
      for (JsonNode content : json.path("contents")) {
        String role = content.path("role").asString("");
        turns.add(
            new Turn(role.equals("model") ? "assistant" : role, textOf(content.path("parts"))));
      }
      JsonNode settings = json.path("generationConfig");
      return new ReceivedRequest(
          path.substring("/v1beta/models/".length(), path.indexOf(":streamGenerateContent")),
          json.has("systemInstruction")
              ? textOf(json.path("systemInstruction").path("parts"))
              : null,
          turns,
          settings.has("temperature") ? settings.path("temperature").asDouble() : null,
          settings.path("maxOutputTokens").isInt()
              ? settings.path("maxOutputTokens").intValue()
              : null,
          headers,
          body);
    }

    @Override
    String models(List<String> names) {
      return JSON.writeValueAsString(
          Map.of(
              "models",
              names.stream()
                  .map(n ->
                      Map.of(
                          "name",
                          "models/" + n,
                          "inputTokenLimit",
                          1000,
                          "supportedGenerationMethods",
                          List.of("generateContent")))
                  .toList()));
    }

    @Override
    ProviderStream stream(String model, Reply.@Nullable Tokens tokens) {
      return new ProviderStream.Gemini(model, tokens);
    }
  };

  static final JsonMapper JSON = JsonMapper.builder().build();
  static final Set<String> AUTHENTICATION_HEADERS =
      Set.of("authorization", "x-api-key", "x-goog-api-key", "api-key");

  final String basePath;

  ProviderWire(String basePath) {
    this.basePath = basePath;
  }

  abstract boolean isCall(String path);

  abstract Map<String, String> authentication(String key);

  abstract ReceivedRequest read(
      String path, Map<String, String> headers, String body, List<String> problems);

  abstract String models(List<String> names);

  abstract ProviderStream stream(String model, Reply.@Nullable Tokens tokens);

  private static void check(List<String> problems, boolean holds, String rule) {
    if (!holds) {
      problems.add(rule);
    }
  }

  // Content is a text or a list of parts with texts.
  private static String textOf(JsonNode content) {
    if (content.isString()) {
      return content.asString();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      text.append(part.path("text").asString(""));
    }
    return text.toString();
  }
}
