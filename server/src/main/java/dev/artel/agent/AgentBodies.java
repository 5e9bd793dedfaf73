package dev.artel.agent;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.artel.protocol.AgentRole;
import dev.artel.protocol.Risk;
import dev.artel.protocol.ToolName;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bodies that describe an agent, for the published document alone: they are read as trees,
/// because one route takes several spellings. `ConfigRules` enforces what is written here.
final class AgentBodies {
  private AgentBodies() {}

  record AgentRequest(
      @NotNull @Size(min = 1, max = 100) String name, @NotNull AgentConfigRequest config) {}

  record FlatAgentRequest(
      @NotNull @Size(min = 1, max = 100) String name, @JsonUnwrapped AgentConfigRequest fields) {}

  record NamedConfigRequest(@NotNull FlatAgentRequest config) {}

  record AgentUpdate(
      @Nullable @Size(min = 1, max = 100) String name, @NotNull AgentConfigRequest config) {}

  record AgentPatch(
      @Nullable @Size(min = 1, max = 100) String name, @Nullable AgentConfigPatch config) {}

  record FlatAgentPatch(
      @Nullable @Size(min = 1, max = 100) String name, @JsonUnwrapped AgentConfigPatch fields) {}

  record AgentConfigRequest(
      @NotNull @Size(min = 1) String systemPrompt, @JsonUnwrapped AgentConfigOptions options) {}

  record AgentConfigPatch(
      @Nullable @Size(min = 1) String systemPrompt, @JsonUnwrapped AgentConfigOptions options) {}

  record AgentConfigOptions(
      @Nullable @Size(min = 1, max = 200) String model,
      @Nullable List<ToolName> tools,
      @Nullable @Min(1) @Max(10) Integer concurrencyLimit,
      @Nullable @DecimalMin("0") @DecimalMax("2") BigDecimal temperature,
      @Nullable @Min(1) @Max(128_000) Integer maxTokens,
      @Nullable AgentMetadataRequest metadata,
      @Nullable @Min(1) @Max(10) Integer maxParallelAgents,
      @Nullable @DecimalMin("0") @DecimalMax("1000") BigDecimal approvalThresholdCost,
      @Nullable @Min(1) @Max(100) Integer approvalThresholdTasks,
      @Nullable @Size(min = 1, max = 100) String routingStrategy,
      @Nullable @Min(1) @Max(600) Integer timeoutSeconds,
      @Nullable @Size(min = 1, max = 100) String fallbackBehavior) {}

  record AgentMetadataRequest(
      @Nullable AgentRole role,
      @Nullable @Size(max = 100) List<@Size(min = 1, max = 100) String> capabilities,
      @Nullable Risk riskLevel,
      @Nullable @DecimalMin("0") @DecimalMax("1000000") BigDecimal costPerCall,
      @Nullable @DecimalMin("0") @DecimalMax("1000000") BigDecimal estimatedDuration,
      @Nullable @Min(1) @Max(Integer.MAX_VALUE) Integer maxVectors,
      @Nullable ToolPolicyRequest toolPolicy,
      @Nullable @Size(min = 1, max = 500) String baseUrl) {}

  record ToolPolicyRequest(
      @Nullable List<ToolName> allowedTools,
      @Nullable List<ToolName> deniedTools,
      @Nullable @Size(min = 1, max = 500) String writeFilePathRegex) {}
}
