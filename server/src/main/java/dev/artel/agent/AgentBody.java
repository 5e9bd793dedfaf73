package dev.artel.agent;

import dev.artel.http.ErrorResponse.FieldError;
import dev.artel.http.Invalid;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A body that describes an agent, in whichever of the three spellings: `{name, config}`, the
/// configuration's fields flat beside `name`, or `name` inside `config`.
///
/// @param name as it is stored; null when there was none
/// @param at the JSON pointer of the configuration
record AgentBody(@Nullable String name, ObjectNode config, String at) {

  /// A new agent: with a name and a valid configuration.
  static AgentBody named(JsonNode body) {
    AgentBody read = of(body);
    if (read.name == null) {
      throw Invalid.at("/name", "is required", "required");
    }
    return read;
  }

  static AgentBody of(JsonNode body) {
    if (!(body instanceof ObjectNode object)) {
      throw Invalid.at("", "must be an object", "type");
    }
    if (!object.has("config")) {
      return new AgentBody(name(object, "/name"), object, "");
    }
    if (!(object.get("config") instanceof ObjectNode config)) {
      throw Invalid.at("/config", "must be an object", "type");
    }
    return new AgentBody(
        object.has("name") ? name(object, "/name") : name(config, "/config/name"),
        config,
        "/config");
  }

  private static @Nullable String name(ObjectNode object, String location) {
    JsonNode value = object.get("name");
    if (value == null) {
      return null;
    }
    if (!value.isString()) {
      throw Invalid.at(location, "must be a string", "type");
    }
    String name = AgentNames.canonical(value.stringValue());
    String problem = AgentNames.problem(name);
    if (problem != null) {
      throw Invalid.at(location, problem, name.isEmpty() ? "size" : "pattern");
    }
    return name;
  }

  /// The whole configuration, valid, or every violation.
  AgentConfig config(ConfigRules rules) {
    List<FieldError> errors = new ArrayList<>();
    AgentConfig read = rules.read(config, at, errors);
    if (!errors.isEmpty()) {
      throw new Invalid(errors);
    }
    return read;
  }
}
