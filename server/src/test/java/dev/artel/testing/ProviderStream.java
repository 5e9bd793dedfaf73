package dev.artel.testing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the events of one streamed answer in a provider's format.
abstract sealed class ProviderStream {
  final String model;
  final Reply.@Nullable Tokens tokens;

  ProviderStream(String model, Reply.@Nullable Tokens tokens) {
    this.model = model;
    this.tokens = tokens;
  }

  abstract String start();

  abstract String text(String piece);

  abstract String thinking(String piece);

  /// `reason` is `stop`, `length` or `content_filter`.
  abstract String finish(String reason);

  static String json(Object value) {
    return ProviderWire.JSON.writeValueAsString(value);
  }

  static final class OpenAi extends ProviderStream {
    OpenAi(String model, Reply.@Nullable Tokens tokens) {
      super(model, tokens);
    }

    @Override
    String start() {
      return chunk(Map.of("role", "assistant", "content", ""), null);
    }

    @Override
    String text(String piece) {
      return chunk(Map.of("content", piece), null);
    }

    @Override
    String thinking(String piece) {
      return chunk(Map.of("reasoning_content", piece), null);
    }

    @Override
    String finish(String reason) {
      String usage = "";
      if (tokens != null) {
        Map<String, Object> chunk = chunk();
        chunk.put("choices", List.of());
        chunk.put(
            "usage",
            Map.of(
                "prompt_tokens",
                tokens.in(),
                "completion_tokens",
                tokens.out(),
                "total_tokens",
                tokens.in() + tokens.out(),
                "prompt_tokens_details",
                Map.of("cached_tokens", tokens.cached())));
        usage = "data: " + json(chunk) + "\n\n";
      }
      return chunk(Map.of(), reason) + usage + "data: [DONE]\n\n";
    }

    private String chunk(Map<String, ?> delta, @Nullable String finishReason) {
      Map<String, Object> choice = new LinkedHashMap<>();
      choice.put("index", 0);
      choice.put("delta", delta);
      if (finishReason != null) {
        choice.put("finish_reason", finishReason);
      }
      Map<String, Object> chunk = chunk();
      chunk.put("choices", List.of(choice));
      return "data: " + json(chunk) + "\n\n";
    }

    private Map<String, Object> chunk() {
      Map<String, Object> chunk = new LinkedHashMap<>();
      chunk.put("id", "chatcmpl-1");
      chunk.put("object", "chat.completion.chunk");
      chunk.put("created", 1);
      chunk.put("model", model);
      return chunk;
    }
  }

  static final class Anthropic extends ProviderStream {
    private int block = -1;
    private String open = "";

    Anthropic(String model, Reply.@Nullable Tokens tokens) {
      super(model, tokens);
    }

    @Override
    String start() {
      Map<String, Object> message = new LinkedHashMap<>();
      message.put("id", "msg_1");
      message.put("type", "message");
      message.put("role", "assistant");
      message.put("content", List.of());
      message.put("model", model);
      if (tokens != null) {
        message.put(
            "usage",
            Map.of(
                "input_tokens",
                tokens.in() - tokens.cached(),
                "cache_read_input_tokens",
                tokens.cached(),
                "cache_creation_input_tokens",
                0,
                "output_tokens",
                1));
      }
      return event("message_start", Map.of("message", message))
          + "event: ping\ndata: {\"type\":\"ping\"}\n\n";
    }

    @Override
    String text(String piece) {
      return block("text", Map.of("type", "text", "text", ""))
          + delta(Map.of("type", "text_delta", "text", piece));
    }

    @Override
    String thinking(String piece) {
      return block("thinking", Map.of("type", "thinking", "thinking", ""))
          + delta(Map.of("type", "thinking_delta", "thinking", piece));
    }

    @Override
    String finish(String reason) {
      Map<String, Object> end = new LinkedHashMap<>();
      end.put(
          "delta",
          Map.of(
              "stop_reason",
              switch (reason) {
                case "length" -> "max_tokens";
                case "content_filter" -> "refusal";
                default -> "end_turn";
              }));
      if (tokens != null) {
        end.put("usage", Map.of("output_tokens", tokens.out()));
      }
      return close() + event("message_delta", end) + event("message_stop", Map.of());
    }

    private String block(String type, Map<String, String> content) {
      if (open.equals(type)) {
        return "";
      }
      String closed = close();
      open = type;
      block++;
      return closed
          + event("content_block_start", Map.of("index", block, "content_block", content));
    }

    private String close() {
      if (open.isEmpty()) {
        return "";
      }
      open = "";
      return event("content_block_stop", Map.of("index", block));
    }

    private String delta(Map<String, String> delta) {
      return event("content_block_delta", Map.of("index", block, "delta", delta));
    }

    private static String event(String type, Map<String, ?> fields) {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("type", type);
      data.putAll(fields);
      return "event: " + type + "\ndata: " + json(data) + "\n\n";
    }
  }

  static final class Gemini extends ProviderStream {
    Gemini(String model, Reply.@Nullable Tokens tokens) {
      super(model, tokens);
    }

    @Override
    String start() {
      return "";
    }

    @Override
    String text(String piece) {
      return chunk(List.of(Map.of("text", piece)), null, false);
    }

    @Override
    String thinking(String piece) {
      return chunk(List.of(Map.of("text", piece, "thought", true)), null, false);
    }

    @Override
    String finish(String reason) {
      return chunk(
          List.of(Map.of("text", "")),
          switch (reason) {
            case "length" -> "MAX_TOKENS";
            case "content_filter" -> "SAFETY";
            default -> "STOP";
          },
          true);
    }

    private String chunk(List<?> parts, @Nullable String reason, boolean last) {
      Map<String, Object> candidate = new LinkedHashMap<>();
      candidate.put("content", Map.of("role", "model", "parts", parts));
      candidate.put("index", 0);
      if (reason != null) {
        candidate.put("finishReason", reason);
      }
      Map<String, Object> chunk = new LinkedHashMap<>();
      chunk.put("candidates", List.of(candidate));
      if (tokens != null && last) {
        chunk.put(
            "usageMetadata",
            Map.of(
                "promptTokenCount",
                tokens.in(),
                "candidatesTokenCount",
                tokens.out(),
                "cachedContentTokenCount",
                tokens.cached(),
                "totalTokenCount",
                tokens.in() + tokens.out()));
      }
      chunk.put("modelVersion", model);
      chunk.put("responseId", "r-1");
      return "data: " + json(chunk) + "\n\n";
    }
  }
}
