package dev.artel.agent;

import dev.artel.agent.AgentMetadata.OwnToolPolicy;
import dev.artel.http.ErrorResponse.FieldError;
import dev.artel.protocol.AgentRole;
import dev.artel.protocol.Risk;
import dev.artel.protocol.ToolName;
import dev.artel.protocol.WireCodec;
import dev.artel.protocol.Words;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Every rule of an agent's configuration, in one place. Pure.
final class ConfigRules {
  private static final int MODEL_CHARS_MAX = 200;
  private static final int CAPABILITIES_MAX = 100;
  private static final int CAPABILITY_CHARS_MAX = 100;
  private static final int REGEX_CHARS_MAX = 500;
  private static final int URL_CHARS_MAX = 500;
  private static final int WORD_CHARS_MAX = 100;
  private static final BigDecimal AMOUNT_MAX = new BigDecimal(1_000_000);
  private static final Pattern MODEL = Pattern.compile("[^\\s\\p{Cntrl}]+");
  private static final Set<String> KNOWN_METADATA =
      Set.of(
          "role",
          "capabilities",
          "risk_level",
          "cost_per_call",
          "estimated_duration",
          "max_vectors",
          "tool_policy",
          "base_url");
  private static final String TOOLS = "one of " + words(ToolName.values());

  private final Predicate<String> endpointAllowed;

  /// @param endpointAllowed whether a `metadata.base_url` is one that the operator configured
  ConfigRules(Predicate<String> endpointAllowed) {
    this.endpointAllowed = endpointAllowed;
  }

  /// Reads what a client sent; what violates a rule is added to the errors, and then the result
  /// means nothing.
  ///
  /// @param at the JSON pointer of the configuration in the body
  AgentConfig read(ObjectNode config, String at, List<FieldError> errors) {
    var fields = new Fields(config, at, errors);
    fields.refuseNul();
    if (fields.present("system_prompt") == null) {
      fields.refuse("system_prompt", "is required", "required");
    }
    AgentConfig read = read(fields);
    String baseUrl = read.metadata().baseUrl();
    if (baseUrl != null && !endpointAllowed.test(baseUrl)) {
      fields
          .inside("metadata")
          .refuse(
              "base_url",
              "must be one of the endpoints that the operator configured (ARTEL_MODEL_ENDPOINTS)",
              "enum");
    }
    return read;
  }

  /// Reads what was stored, maybe by an older version: a missing or unreadable field has its
  /// default.
  static AgentConfig stored(String json) {
    JsonNode node = WireCodec.json().readTree(json);
    ObjectNode object =
        node instanceof ObjectNode found ? found : WireCodec.json().createObjectNode();
    return read(new Fields(object, "", new ArrayList<>()));
  }

  /// Whether what was stored is a configuration at all.
  static boolean isReadable(String json) {
    return WireCodec.json().readTree(json) instanceof ObjectNode;
  }

  static ObjectNode tree(AgentConfig config) {
    return WireCodec.json().valueToTree(config);
  }

  private static AgentConfig read(Fields fields) {
    AgentMetadata metadata = metadata(fields.inside("metadata"));
    return new AgentConfig(
        Objects.requireNonNullElse(prompt(fields), ""),
        Objects.requireNonNullElse(model(fields), AgentConfig.MODEL_DEFAULT),
        orNone(fields.list("tools", CAPABILITIES_MAX, TOOLS, ConfigRules::tool)),
        or(
            fields.whole("concurrency_limit", 1, AgentConfig.CONCURRENCY_MAX),
            AgentConfig.CONCURRENCY_DEFAULT),
        temperature(fields),
        or(fields.whole("max_tokens", 1, AgentConfig.TOKENS_MAX), AgentConfig.TOKENS_DEFAULT),
        metadata,
        metadata.role() == AgentRole.ORCHESTRATOR ? orchestrator(fields) : null);
  }

  /// Blanks alone are no prompt: no provider takes them.
  private static @Nullable String prompt(Fields fields) {
    String prompt = fields.text("system_prompt", 1, Integer.MAX_VALUE);
    if (prompt != null && prompt.isBlank()) {
      fields.refuse("system_prompt", "must not be blank", "size");
      return null;
    }
    return prompt;
  }

  private static @Nullable String model(Fields fields) {
    String model = fields.text("model", 1, MODEL_CHARS_MAX);
    if (model != null && !MODEL.matcher(model).matches()) {
      fields.refuse("model", "must be provider/model, without spaces", "pattern");
      return null;
    }
    return model;
  }

  private static double temperature(Fields fields) {
    BigDecimal temperature =
        fields.number(
            "temperature", BigDecimal.ZERO, BigDecimal.valueOf(AgentConfig.TEMPERATURE_MAX));
    return temperature == null ? AgentConfig.TEMPERATURE_DEFAULT : temperature.doubleValue();
  }

  private static AgentMetadata metadata(Fields fields) {
    AgentRole role =
        fields.one(
            "role", "one of " + words(AgentRole.values()), text -> word(AgentRole.values(), text));
    Map<String, Object> others = new LinkedHashMap<>();
    for (var field : fields.object().properties()) {
      if (!KNOWN_METADATA.contains(field.getKey()) && !field.getValue().isNull()) {
        others.put(field.getKey(), WireCodec.json().treeToValue(field.getValue(), Object.class));
      }
    }
    return new AgentMetadata(
        role == null ? AgentRole.CUSTOM : role,
        orNone(
            fields.list(
                "capabilities",
                CAPABILITIES_MAX,
                "a text of 1 to %d characters".formatted(CAPABILITY_CHARS_MAX),
                text -> text.isBlank() || text.length() > CAPABILITY_CHARS_MAX ? null : text)),
        fields.one(
            "risk_level",
            "one of LOW, MEDIUM, HIGH",
            text ->
                Arrays.stream(Risk.values())
                    .filter(risk -> risk.name().equalsIgnoreCase(text))
                    .findFirst()
                    .orElse(null)),
        fields.number("cost_per_call", BigDecimal.ZERO, AMOUNT_MAX),
        fields.number("estimated_duration", BigDecimal.ZERO, AMOUNT_MAX),
        or(fields.whole("max_vectors", 1, Integer.MAX_VALUE), AgentMetadata.VECTORS_DEFAULT),
        fields.present("tool_policy") == null ? null : toolPolicy(fields.inside("tool_policy")),
        fields.text("base_url", 1, URL_CHARS_MAX),
        others);
  }

  private static OwnToolPolicy toolPolicy(Fields fields) {
    String regex = fields.text("write_file_path_regex", 1, REGEX_CHARS_MAX);
    if (regex != null && !compiles(regex)) {
      fields.refuse("write_file_path_regex", "must be a regular expression", "pattern");
      regex = null;
    }
    return new OwnToolPolicy(
        fields.list("allowed_tools", CAPABILITIES_MAX, TOOLS, ConfigRules::tool),
        fields.list("denied_tools", CAPABILITIES_MAX, TOOLS, ConfigRules::tool),
        regex);
  }

  private static boolean compiles(String regex) {
    try {
      return Pattern.compile(regex) != null;
    } catch (PatternSyntaxException _) {
      return false;
    }
  }

  private static OrchestratorSettings orchestrator(Fields fields) {
    return new OrchestratorSettings(
        or(
            fields.whole("max_parallel_agents", 1, OrchestratorSettings.PARALLEL_MAX),
            OrchestratorSettings.PARALLEL_DEFAULT),
        Objects.requireNonNullElse(
            fields.number(
                "approval_threshold_cost", BigDecimal.ZERO, OrchestratorSettings.COST_MAX),
            OrchestratorSettings.COST_DEFAULT),
        or(
            fields.whole("approval_threshold_tasks", 1, OrchestratorSettings.TASKS_MAX),
            OrchestratorSettings.TASKS_DEFAULT),
        fields.text("routing_strategy", 1, WORD_CHARS_MAX),
        fields.whole("timeout_seconds", 1, OrchestratorSettings.TIMEOUT_SECONDS_MAX),
        fields.text("fallback_behavior", 1, WORD_CHARS_MAX));
  }

  private static @Nullable ToolName tool(String text) {
    return word(ToolName.values(), text);
  }

  private static <E extends Words> @Nullable E word(E[] all, String text) {
    return Arrays.stream(all).filter(one -> one.word().equals(text)).findFirst().orElse(null);
  }

  private static String words(Words[] all) {
    return Arrays.stream(all).map(Words::word).collect(Collectors.joining(", "));
  }

  private static int or(@Nullable Integer value, int absent) {
    return value == null ? absent : value;
  }

  private static <T> List<T> orNone(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  /// The configuration with a patch laid over it: objects are merged, null takes a field out, any
  /// other value replaces it.
  static ObjectNode merged(ObjectNode present, ObjectNode patch) {
    ObjectNode merged = present.deepCopy();
    for (var field : patch.properties()) {
      JsonNode value = field.getValue();
      if (value.isNull()) {
        merged.remove(field.getKey());
      } else if (value instanceof ObjectNode inner) {
        JsonNode under = merged.get(field.getKey());
        merged.set(
            field.getKey(), merged(under instanceof ObjectNode o ? o : merged.objectNode(), inner));
      } else {
        merged.set(field.getKey(), value);
      }
    }
    return merged;
  }

  /// The names of the fields in which two configurations differ, those of metadata with a dot.
  static List<String> changed(AgentConfig before, AgentConfig after) {
    var changed = new ArrayList<String>();
    ObjectNode old = tree(before);
    ObjectNode now = tree(after);
    differing(old, now, "", changed);
    if (changed.remove("metadata")) {
      differing(
          (ObjectNode) old.path("metadata"),
          (ObjectNode) now.path("metadata"),
          "metadata.",
          changed);
    }
    return changed;
  }

  private static void differing(
      ObjectNode before, ObjectNode after, String prefix, List<String> changed) {
    var names = new java.util.TreeSet<String>();
    before.properties().forEach(field -> names.add(field.getKey()));
    after.properties().forEach(field -> names.add(field.getKey()));
    for (String name : names) {
      if (!Objects.equals(before.get(name), after.get(name))) {
        changed.add(prefix + name);
      }
    }
  }
}
