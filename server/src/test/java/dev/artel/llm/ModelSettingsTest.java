package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSettingsTest {
  @Test
  void defaults_are_those_of_the_documentation() {
    assertThat(ModelSettings.of(false, Map.of("PORT", "8000", "OPENAI_API_KEY", " ")))
        .returns(null, ModelSettings::openAiKey)
        .returns(3, ModelSettings::triesMax)
        .returns(Duration.ofSeconds(60), ModelSettings::firstTokenTimeout)
        .returns(Duration.ofSeconds(60), ModelSettings::idleTimeout);
  }

  @Test
  void endpoints_have_names_addresses_and_keys() {
    ModelSettings settings =
        ModelSettings.of(
            false,
            Map.of(
                "MODEL_ENDPOINTS",
                "vllm-a=http://10.0.0.5:8000/v1/, openrouter=https://OpenRouter.ai/api/v1",
                "MODEL_ENDPOINT_VLLM_A_KEY",
                "abc"));

    assertThat(settings.endpoints())
        .containsExactly(
            new ModelEndpoint("vllm-a", URI.create("http://10.0.0.5:8000/v1"), new ApiKey("abc")),
            new ModelEndpoint("openrouter", URI.create("https://openrouter.ai/api/v1"), null));
  }

  @Test
  void names_of_endpoint_keys_are_known() {
    assertThat(ModelSettings.knows("MODEL_ENDPOINT_VLLM_A_KEY")).isTrue();
    assertThat(ModelSettings.knows("MODEL_MAX_TRIES")).isTrue();
    assertThat(ModelSettings.knows("MODEL_ENDPOINT__KEYS")).isFalse();
  }

  @Test
  void keys_are_not_printed() {
    assertThat(
            ModelSettings.of(
                    true, Map.of("OPENAI_API_KEY", "sk-secret", "ANTHROPIC_API_KEY", "sk-secret"))
                .toString())
        .doesNotContain("sk-secret")
        .contains("***");
    assertThat(new Surroundings(Map.of("OPENAI_API_KEY", "sk-secret"), null).toString())
        .doesNotContain("sk-secret");
  }

  @Test
  void only_the_four_well_known_variables_are_kept() {
    assertThat(
            Surroundings.of(Map.of("AWS_SECRET", "x", "GEMINI_API_KEY", "k", "OPENAI_API_KEY", " "))
                .environment())
        .containsOnlyKeys("GEMINI_API_KEY");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OPENAI_BASE_URL           | ftp://x/v1                      | ARTEL_OPENAI_BASE_URL must be an http or https URL
          OPENAI_BASE_URL           | https://u:sk-secret@x/v1        | ARTEL_OPENAI_BASE_URL must be an http or https URL
          OPENAI_BASE_URL           | https://x/v1?key=sk-secret      | ARTEL_OPENAI_BASE_URL must have neither query
          OPENAI_BASE_URL           | https://x/ sk-secret            | ARTEL_OPENAI_BASE_URL is not a valid URL
          OPENAI_API_KEY            | sk-secret with spaces           | ARTEL_OPENAI_API_KEY is not usable
          MODEL_ENDPOINTS           | https://x/v1                    | ARTEL_MODEL_ENDPOINTS must be a list
          MODEL_ENDPOINTS           | Big=https://x/v1                | ARTEL_MODEL_ENDPOINTS must be a list
          MODEL_ENDPOINTS           | openai=https://x/v1             | ARTEL_MODEL_ENDPOINTS uses the name 'openai'
          MODEL_ENDPOINTS           | a-b=https://x/v1,a_b=https://y  | ARTEL_MODEL_ENDPOINTS has two endpoints whose key would be ARTEL_MODEL_ENDPOINT_A_B_KEY
          MODEL_ENDPOINTS           | a=https://x/v1,b=https://x/v1/  | ARTEL_MODEL_ENDPOINTS has the same URL twice
          MODEL_ENDPOINT_OTHER_KEY  | sk-secret                       | ARTEL_MODEL_ENDPOINT_OTHER_KEY is the key of an endpoint
          DEFAULT_MODEL             | gpt-4.1                         | ARTEL_DEFAULT_MODEL must be provider/model
          MODEL_MAX_TRIES           | 0                               | ARTEL_MODEL_MAX_TRIES must be a whole number from 1 to 10
          MODEL_IDLE_TIMEOUT        | 1m                              | ARTEL_MODEL_IDLE_TIMEOUT must be a whole number from 1 to 3600
          """)
  void a_bad_setting_is_named_and_no_secret_told(String name, String value, String message) {
    assertThatThrownBy(() -> ModelSettings.of(true, Map.of(name, value)))
        .isInstanceOf(InvalidModelSettings.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("sk-secret");
  }

  @Test
  void an_unusable_address_in_the_environment_stops_the_start_before_the_key_goes_elsewhere() {
    Surroundings around =
        new Surroundings(
            Map.of("OPENAI_API_KEY", "sk-secret", "OPENAI_BASE_URL", "not a url"), null);
    StillTime time = new StillTime();

    assertThatThrownBy(
            () -> Models.create(ModelSettings.of(true, Map.of()), around, time, time).close())
        .isInstanceOf(InvalidModelSettings.class)
        .hasMessageContaining("ARTEL_OPENAI_BASE_URL")
        .hasMessageNotContaining("sk-secret");
  }
}
