package dev.artel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.protocol.Event;
import dev.artel.protocol.WireCodec;
import dev.artel.testing.Answer;
import dev.artel.testing.Golden;
import dev.artel.testing.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.node.ObjectNode;

/// The published document: complete, and changed only on purpose.
final class ApiDocumentTest {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  /// Files and pages, which no client is generated for.
  private static final Set<String> UNDESCRIBED =
      Set.of(
          "/app",
          "/app/**",
          "/docs",
          "/docs/{file}",
          "/redoc",
          "/my/docs",
          "/openapi.json",
          "/my/openapi.json");

  private final World world = World.shared();
  private final String text = world.stranger().get("/my/openapi.json").expect(200).body();
  private final JsonNode document = WireCodec.json().readTree(text);

  @Test
  void it_is_the_committed_one() {
    Golden.check("docs/generated/openapi.json", text.stripTrailing() + "\n");
  }

  @Test
  void every_route_is_in_it() {
    var routes = new TreeSet<String>();
    world
        .door(RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .keySet()
        .forEach(mapping -> routes.addAll(mapping.getPatternValues()));
    routes.removeAll(UNDESCRIBED);

    assertThat(document.get("paths").propertyNames()).containsExactlyInAnyOrderElementsOf(routes);
  }

  @Test
  void every_operation_has_a_name_of_its_own_a_summary_and_a_tag() {
    var names = new ArrayList<String>();
    eachOperation((place, operation) -> {
      names.add(operation.path("operationId").asString());
      assertThat(operation.path("summary").asString("")).as(place).isNotBlank();
      assertThat(operation.path("tags")).as(place).isNotEmpty();
    });
    assertThat(names).doesNotHaveDuplicates().noneMatch(name -> name.matches(".*_\\d+"));
  }

  @Test
  void every_operation_describes_its_success_and_every_error_of_the_edge() {
    eachOperation((place, operation) -> {
      Set<String> statuses = Set.copyOf(operation.get("responses").propertyNames());
      assertThat(statuses).as(place).anyMatch(status -> status.startsWith("2"));
      assertThat(statuses).as(place).contains("400", "421", "431", "500", "503");
      String path = place.substring(place.indexOf(' ') + 1);
      if (path.startsWith("/my") || path.startsWith("/admin")) {
        assertThat(statuses).as(place).contains("401", "403", "429");
        assertThat(operation.path("security")).as(place).isNotEmpty();
      }
      if (path.contains("{")) {
        assertThat(statuses).as(place).contains("404");
      }
      if (operation.has("requestBody")) {
        assertThat(statuses).as(place).contains("413", "415", "422");
      }
    });
  }

  @Test
  void every_answer_in_json_has_an_example() {
    var without = new ArrayList<String>();
    eachOperation((place, operation) ->
        operation
            .get("responses")
            .properties()
            .forEach(response ->
                resolve(response.getValue())
                    .path("content")
                    .properties()
                    .forEach(content -> {
                      if (!hasExample(content.getValue())) {
                        without.add(place + " " + response.getKey());
                      }
                    })));
    assertThat(without).isEmpty();
  }

  @Test
  void every_variable_of_a_path_is_described() {
    eachOperation((place, operation) -> {
      var described = new TreeSet<String>();
      operation
          .path("parameters")
          .forEach(parameter -> {
            if (parameter.path("in").asString().equals("path")) {
              described.add(parameter.path("name").asString());
            }
          });
      var inPath = new TreeSet<String>();
      var variables = java.util.regex.Pattern.compile("\\{(\\w+)}").matcher(place);
      while (variables.find()) {
        inPath.add(variables.group(1));
      }
      assertThat(described).as(place).isEqualTo(inPath);
    });
  }

  @Test
  void every_error_code_is_listed() {
    JsonNode codes = document.at("/components/schemas/ErrorCode/enum");
    assertThat(codes.valueStream().map(JsonNode::asString))
        .containsExactlyInAnyOrderElementsOf(
            java.util.Arrays.stream(dev.artel.protocol.ErrorCode.values())
                .map(Enum::name)
                .toList());
  }

  @Test
  void every_reference_leads_somewhere() {
    var refs = new TreeSet<String>();
    collectRefs(document, refs);
    assertThat(refs).isNotEmpty().allMatch(ref -> !document.at(ref.substring(1)).isMissingNode());
  }

  @Test
  void every_event_has_a_schema_found_by_its_type() {
    JsonNode union = document.at("/components/schemas/Event");
    assertThat(union.at("/discriminator/propertyName").asString()).isEqualTo("event_type");
    var types = new TreeSet<String>(union.at("/discriminator/mapping").propertyNames());
    assertThat(types).contains("message_created", "message_delta", "heartbeat", "error");
    for (Class<?> leaf : Event.Logged.class.getPermittedSubclasses()) {
      assertThat(document.at("/components/schemas/" + leaf.getSimpleName()).isMissingNode())
          .as(leaf.getSimpleName())
          .isFalse();
    }
    for (String type : types) {
      JsonNode envelope =
          document.at(union.at("/discriminator/mapping/" + type).asString().substring(1));
      assertThat(envelope.at("/properties/event_type/const").asString()).isEqualTo(type);
    }
  }

  @Test
  void the_schema_of_events_is_the_committed_one() {
    var wanted = new TreeSet<String>(Set.of("Event"));
    var open = new ArrayList<>(wanted);
    while (!open.isEmpty()) {
      var refs = new TreeSet<String>();
      collectRefs(document.at("/components/schemas/" + open.removeLast()), refs);
      for (String ref : refs) {
        String name = ref.substring(ref.lastIndexOf('/') + 1);
        if (wanted.add(name)) {
          open.add(name);
        }
      }
    }
    ObjectNode schema = WireCodec.json().createObjectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "One line of a stream");
    schema.put("$ref", "#/$defs/Event");
    ObjectNode definitions = schema.putObject("$defs");
    wanted.forEach(name -> definitions.set(name, document.at("/components/schemas/" + name)));
    String written =
        WireCodec.json()
            .writer()
            .with(SerializationFeature.INDENT_OUTPUT)
            .writeValueAsString(schema)
            .replace("#/components/schemas/", "#/$defs/");

    Golden.check("docs/generated/events.schema.json", written + "\n");
  }

  @Test
  void its_aliases_answer_the_same() {
    assertThat(world.stranger().get("/openapi.json").expect(200).json()).isEqualTo(document);
    String page = world.stranger().get("/my/docs").expect(200).body();
    assertThat(world.stranger().get("/docs").body()).isEqualTo(page);
    assertThat(world.stranger().get("/redoc/").body()).isEqualTo(page);
  }

  @Test
  void the_page_needs_nothing_from_elsewhere_and_no_inline_script() {
    Answer page = world.stranger().get("/my/docs").expect(200);

    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.header("Content-Security-Policy"))
        .contains("script-src 'self'")
        .doesNotContain("unsafe-inline", "unsafe-eval");
    assertThat(page.body()).doesNotContain("http://", "https://").doesNotContain("<script>");
    var files = java.util.regex.Pattern.compile("(?:src|href)=\"(/[^\"]+)\"").matcher(page.body());
    var found = new ArrayList<String>();
    while (files.find()) {
      found.add(files.group(1));
      assertThat(world.stranger().get(files.group(1)).status()).as(files.group(1)).isEqualTo(200);
    }
    assertThat(found).hasSize(3);
    assertThat(document.at("/components/securitySchemes/bearer/scheme").asString())
        .isEqualTo("bearer");
  }

  private void eachOperation(BiConsumer<String, JsonNode> check) {
    document
        .get("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(operation -> {
                  if (METHODS.contains(operation.getKey())) {
                    check.accept(operation.getKey() + " " + path.getKey(), operation.getValue());
                  }
                }));
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asString().substring(1)) : node;
  }

  /// On the answer itself, or in the schema that it names, at the top or at a property.
  private boolean hasExample(JsonNode media) {
    if (media.has("example") || media.has("examples")) {
      return true;
    }
    JsonNode schema = resolve(media.path("schema"));
    return schema.has("example")
        || schema.has("examples")
        || schema
            .path("properties")
            .valueStream()
            .anyMatch(property -> property.has("example") || property.has("examples"));
  }

  private static void collectRefs(JsonNode node, Set<String> into) {
    if (node.has("$ref")) {
      into.add(node.get("$ref").asString());
    }
    node.path("discriminator").path("mapping").forEach(ref -> into.add(ref.asString()));
    List.copyOf(node.valueStream().toList()).forEach(child -> collectRefs(child, into));
  }
}
