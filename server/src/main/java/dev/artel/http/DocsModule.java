package dev.artel.http;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.servers.Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springdoc.core.utils.SpringDocUtils;
import org.springdoc.webmvc.api.OpenApiWebMvcResource;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// Describes the API as it is served.
@Configuration(proxyBeanMethods = false)
class DocsModule {
  /// The version of the API, which clients are written for; builds have another.
  private static final String API_VERSION = "1.0";

  static {
    SpringDocUtils.getConfig()
        .addRequestWrapperToIgnore(
            Caller.class, ProjectScope.class, Paging.class, Idempotency.class, IfMatch.class);
  }

  @Bean
  OpenAPI openApi() {
    return new OpenAPI()
        .info(
            new Info()
                .title("Artel")
                .version(API_VERSION)
                .description("A private team of AI agents for every person.")
                .license(new License().name("Apache-2.0")))
        .servers(List.of(new Server().url("/").description("This service")));
  }

  /// Reads our types as they are spelled on the wire.
  @Bean
  ModelResolver modelResolver(SpringDocConfigProperties properties) {
    ModelResolver.enumsAsRef = true;
    var mapper = new ObjectMapperProvider(properties).jsonMapper().copy();
    mapper.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    return new ModelResolver(mapper).openapi31(true);
  }

  @Bean
  WireSchemas wireSchemas() {
    return new WireSchemas();
  }

  @Bean
  ApiDocument apiDocument() {
    return new ApiDocument();
  }

  /// The document is served in one form; the library adds another that nobody asked for.
  @Bean
  SmartInitializingSingleton oneForm(
      @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping routes) {
    return () ->
        List.copyOf(routes.getHandlerMethods().keySet()).stream()
            .filter(
                route -> route.getPatternValues().stream().anyMatch(path -> path.endsWith(".yaml")))
            .forEach(routes::unregisterMapping);
  }

  @Bean
  DocsRoutes docsRoutes(OpenApiWebMvcResource document) {
    return new DocsRoutes(document, "META-INF/resources/webjars/swagger-ui/" + swaggerUiVersion());
  }

  /// The bundled page's files lie in a folder that is named by their version.
  private static String swaggerUiVersion() {
    var properties = new Properties();
    try (InputStream stream =
        DocsModule.class
            .getClassLoader()
            .getResourceAsStream("META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
      if (stream != null) {
        properties.load(stream);
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return properties.getProperty("version", "unknown");
  }
}
