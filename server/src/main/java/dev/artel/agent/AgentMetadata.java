package dev.artel.agent;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.artel.protocol.AgentRole;
import dev.artel.protocol.Risk;
import dev.artel.protocol.ToolName;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known about an agent beside how it is called on: the fields that Artel reads, and
/// whatever else its owner wrote.
///
/// @param riskLevel shown to the user; decides nothing by itself
/// @param costPerCall USD
/// @param estimatedDuration seconds
/// @param baseUrl the endpoint of this agent's model
/// @param others the owner's own fields, kept as they are others, which the published document
///   cannot tell by itself
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AgentMetadata(
    AgentRole role,
    List<String> capabilities,
    @Nullable Risk riskLevel,
    @Nullable BigDecimal costPerCall,
    @Nullable BigDecimal estimatedDuration,
    int maxVectors,
    @Nullable OwnToolPolicy toolPolicy,
    @Nullable String baseUrl,
    @JsonIgnore Map<String, Object> others) {
  public static final int VECTORS_DEFAULT = 1_000_000;

  public AgentMetadata {
    capabilities = List.copyOf(capabilities);
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /// The owner's own fields stand beside ours. Not the component itself: the published document
  /// would show it as a field of that name.
  @JsonAnyGetter
  Map<String, Object> beside() {
    return others;
  }

  /// A policy as its owner wrote it; what is absent comes from the role.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record OwnToolPolicy(
      @Nullable List<ToolName> allowedTools,
      @Nullable List<ToolName> deniedTools,
      @Nullable String writeFilePathRegex) {}
}
