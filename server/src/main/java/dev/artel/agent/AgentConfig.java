package dev.artel.agent;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.artel.protocol.AgentRole;
import dev.artel.protocol.ToolName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How an agent thinks and what it may do, complete: every field has its value or default.
///
/// @param model `provider/model`, as the owner wrote it
/// @param tools what is offered to the model, before the policy
/// @param orchestrator only of an agent in that role
public record AgentConfig(
    String systemPrompt,
    String model,
    List<ToolName> tools,
    int concurrencyLimit,
    double temperature,
    int maxTokens,
    AgentMetadata metadata,
    @JsonUnwrapped @Nullable OrchestratorSettings orchestrator) {
  public static final String MODEL_DEFAULT = "openrouter/openai/gpt-4.1";
  public static final int CONCURRENCY_DEFAULT = 3;
  public static final int CONCURRENCY_MAX = 10;
  public static final double TEMPERATURE_DEFAULT = 0.7;
  public static final double TEMPERATURE_MAX = 2;
  public static final int TOKENS_DEFAULT = 4096;
  public static final int TOKENS_MAX = 128_000;

  public AgentConfig {
    tools = List.copyOf(tools);
  }

  @JsonIgnore
  public AgentRole role() {
    return metadata.role();
  }

  /// What the agent may do with its tools: its own policy over that of its role.
  @JsonIgnore
  public ToolPolicy policy() {
    return ToolPolicy.of(metadata.role(), metadata.toolPolicy());
  }

  /// The tools that the model is offered: those listed that the policy allows.
  @JsonIgnore
  public List<ToolName> offeredTools() {
    ToolPolicy policy = policy();
    return tools.stream().filter(policy::allows).toList();
  }
}
