package dev.artel.llm;

import dev.artel.http.HealthSource;
import dev.artel.http.MeSource;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Finds the models and tells who answers.
@Configuration(proxyBeanMethods = false)
class LlmModule {
  @Bean(destroyMethod = "close")
  Models models(ModelSettings settings, Surroundings around, Clock clock) {
    return Models.create(settings, around, clock, Pacing.real());
  }

  @Bean
  HealthSource modelHealth(Models models) {
    return new HealthSource() {
      @Override
      public String part() {
        return "language_model";
      }

      @Override
      public State state() {
        return switch (models.defaultModel()) {
          case Resolution.Served _ -> State.well();
          case Resolution.NoModel _ -> State.degraded("no language model is configured");
        };
      }
    };
  }

  @Bean
  MeSource answeringModel(Models models) {
    return _ ->
        switch (models.defaultModel()) {
          case Resolution.Served served -> {
            Map<String, Object> model = new LinkedHashMap<>();
            model.put("provider", served.provider());
            model.put("model", served.model());
            model.put("demo", served.demo());
            yield Map.of("model", model);
          }
          case Resolution.NoModel _ -> Map.of();
        };
  }

  @Bean
  ModelRoutes modelRoutes(Models models) {
    return new ModelRoutes(models);
  }
}
