package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OpenAiDialectTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final ModelRequest REQUEST =
      new ModelRequest("Be brief.", List.of(new ModelMessage.User("Hi")), 0.5, 77);

  private static JsonNode sent(URI base, String model) {
    Recording recording = new Recording();
    new OpenAiDialect(base, new ApiKey("k"))
        .model(model, REQUEST, recording)
        .chat(
            ChatRequest.builder().messages(UserMessage.from("Hi")).build(),
            new StreamingChatResponseHandler() {
              @Override
              public void onCompleteResponse(ChatResponse response) {}

              @Override
              public void onError(Throwable error) {}
            });
    return JSON.readTree(recording.bodies.getFirst());
  }

  @Test
  void openai_is_told_its_own_name_of_the_token_limit() {
    JsonNode sent = sent(OpenAiDialect.OPENAI, "gpt-4.1");

    assertThat(sent.path("max_completion_tokens").asInt()).isEqualTo(77);
    assertThat(sent.has("max_tokens")).isFalse();
    assertThat(sent.path("temperature").asDouble()).isEqualTo(0.5);
  }

  @Test
  void reasoning_models_of_openai_get_no_temperature() {
    assertThat(sent(OpenAiDialect.OPENAI, "o4-mini").has("temperature")).isFalse();
    assertThat(sent(OpenAiDialect.OPENAI, "gpt-5-mini").has("temperature")).isFalse();
  }

  @Test
  void other_servers_are_told_what_all_of_them_know() {
    JsonNode sent = sent(URI.create("https://models.example.org/v1"), "gpt-5-mini");

    assertThat(sent.path("max_tokens").asInt()).isEqualTo(77);
    assertThat(sent.has("max_completion_tokens")).isFalse();
    assertThat(sent.path("temperature").asDouble()).isEqualTo(0.5);
  }

  @Test
  void lists_of_several_servers_are_understood() {
    JsonNode answer =
        JSON.readTree(
            """
            {"data":[
              {"id":"a/routed","context_length":128000,"supported_parameters":["tools","stop"],
               "pricing":{"prompt":"0.000002","completion":"0.000008"}},
              {"id":"vllm","max_model_len":32768},
              {"id":"llama-cpp","meta":{"n_ctx_train":8192}},
              {"id":"plain","pricing":{"prompt":"-1","completion":"free"}},
              {"id":"text-embedding-3-small"}]}
            """);

    assertThat(new OpenAiDialect(OpenAiDialect.OPENAI, null).list(answer))
        .containsExactly(
            new ModelInfo("a/routed", 128000, true, BigDecimal.TWO, new BigDecimal("8")),
            new ModelInfo("vllm", 32768, null, null, null),
            new ModelInfo("llama-cpp", 8192, null, null, null),
            new ModelInfo("plain", null, null, null, null));
  }

  /// A transport that keeps what it should send.
  private static final class Recording implements HttpClientBuilder, HttpClient {
    final List<String> bodies = new ArrayList<>();

    @Override
    public Duration connectTimeout() {
      return Duration.ofSeconds(1);
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration timeout) {
      return this;
    }

    @Override
    public Duration readTimeout() {
      return Duration.ofSeconds(1);
    }

    @Override
    public HttpClientBuilder readTimeout(Duration timeout) {
      return this;
    }

    @Override
    public HttpClient build() {
      return this;
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
      throw new AssertionError("only streams are sent");
    }

    @Override
    public void execute(
        HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
      bodies.add(request.body());
    }
  }
}
