package dev.artel.agent;

import dev.artel.project.StarterPack;
import dev.artel.protocol.AgentRole;
import dev.artel.protocol.Risk;
import dev.artel.protocol.ToolName;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The teams that new projects begin with.
final class StarterTeams {
  private static final String GPT_4 = "gpt-4";

  /// A model that is told of files it cannot see makes them up.
  private static final String HONESTY =
      " Speak only of what you were shown, ask for what you have not seen, and never claim to have"
          + " read, run or changed what you did not.";

  private StarterTeams() {}

  /// One member of a team.
  record Member(String name, AgentConfig config) {}

  static List<Member> of(StarterPack pack) {
    return switch (pack) {
      case ROLES -> List.of(architect(), orchestrator(), ask(), debug(), code());
      case SPECIALISTS -> List.of(coder(), analyzer(), writer(), researcher());
      case ASSISTANTS -> List.of(codeAssistant(), dataAnalyst(), documentWriter());
    };
  }

  private static Member architect() {
    return role(
        "Architect",
        AgentRole.ARCHITECT,
        """
        You are a software architect. You turn wishes into designs: components, interfaces, data, \
        risks, and the order in which to build. Name the alternatives and say why you chose one. You \
        write documents in Markdown and no code.\
        """,
        0.25,
        2,
        Risk.LOW,
        "0.02",
        10,
        "architecture_design, system_planning, interface_definition, consistency_validation, "
            + "requirement_analysis, risk_assessment, design_architecture, create_specifications, "
            + "plan_tasks");
  }

  private static Member orchestrator() {
    return role(
        "Orchestrator",
        AgentRole.ORCHESTRATOR,
        """
        You plan the work of a team of agents. You say who can do a request, split what is too big \
        for one, keep dependencies in order, and put results together into one answer.\
        """,
        0.4,
        3,
        Risk.LOW,
        "0.01",
        5,
        "workflow_management, task_routing, dependency_tracking, result_aggregation, "
            + "agent_capability_matching");
  }

  private static Member ask() {
    return role(
        "Ask",
        AgentRole.ASK,
        """
        You answer questions about software and about what the conversation shows you. Explain \
        simply first and exactly second; say so when you do not know.\
        """,
        0.3,
        4,
        Risk.LOW,
        "0.008",
        4,
        "explanation, concept_analysis, code_reading, architecture_review, best_practices, "
            + "technology_guidance, answer_question, explain_concept");
  }

  private static Member debug() {
    return role(
        "Debug",
        AgentRole.DEBUG,
        """
        You find out why things fail. Form hypotheses from what is known, and name the smallest \
        experiment that tells the likeliest ones apart. Report the root cause, the evidence for it, \
        and the smallest change that removes it.\
        """,
        0.35,
        3,
        Risk.MEDIUM,
        "0.015",
        6,
        "debugging, log_analysis, failure_diagnosis, hypothesis_generation, root_cause_analysis, "
            + "systematic_investigation, investigate_error, add_logging");
  }

  private static Member code() {
    return role(
        "Code",
        AgentRole.CODE,
        """
        You write code. Follow the style of the code that you are given, change no more than the \
        task needs, and add the test that would have failed without your change.\
        """,
        0.2,
        2,
        Risk.HIGH,
        "0.02",
        7,
        "code_writing, refactoring, test_creation, code_analysis, pattern_matching, "
            + "risk_assessment, implement_feature, fix_bug, code_review");
  }

  private static Member coder() {
    return specialist(
        "agent_coder",
        "You write, change and review code.",
        0.3,
        4096,
        "code_writing, implement_feature, fix_bug, refactoring, test_creation, code_review");
  }

  private static Member analyzer() {
    return specialist(
        "agent_analyzer",
        "You analyse the code and data you are given and say what they show.",
        0.5,
        2048,
        "code_analysis, concept_analysis, debugging, investigate_error, architecture_review");
  }

  private static Member writer() {
    return specialist(
        "agent_writer",
        "You write texts and documentation that people like to read.",
        0.7,
        2048,
        "explanation, create_specifications, explain_concept");
  }

  private static Member researcher() {
    return specialist(
        "agent_researcher",
        "You work through questions and report findings: what is known, how surely, and what is not.",
        0.6,
        3096,
        "answer_question, requirement_analysis, technology_guidance, best_practices");
  }

  private static Member codeAssistant() {
    return assistant(
        "CodeAssistant", "You help with programming: you explain, write and fix code.");
  }

  private static Member dataAnalyst() {
    return assistant(
        "DataAnalyst", "You help to understand data: you clean, summarise and compare.");
  }

  private static Member documentWriter() {
    return assistant("DocumentWriter", "You help with documents: you draft, shorten and polish.");
  }

  private static Member role(
      String name,
      AgentRole role,
      String systemPrompt,
      double temperature,
      int concurrencyLimit,
      Risk risk,
      String costPerCall,
      int seconds,
      String capabilities) {
    return member(
        name,
        systemPrompt,
        AgentConfig.MODEL_DEFAULT,
        toolsOf(role),
        concurrencyLimit,
        temperature,
        AgentConfig.TOKENS_DEFAULT,
        metadata(
            role,
            List.of(capabilities.split(", ", -1)),
            risk,
            new BigDecimal(costPerCall),
            BigDecimal.valueOf(seconds)));
  }

  private static Member specialist(
      String name, String systemPrompt, double temperature, int maxTokens, String capabilities) {
    return member(
        name,
        systemPrompt,
        GPT_4,
        toolsOf(AgentRole.CUSTOM),
        AgentConfig.CONCURRENCY_DEFAULT,
        temperature,
        maxTokens,
        metadata(AgentRole.CUSTOM, List.of(capabilities.split(", ", -1)), null, null, null));
  }

  private static Member assistant(String name, String systemPrompt) {
    return member(
        name,
        systemPrompt,
        AgentConfig.MODEL_DEFAULT,
        List.of(),
        AgentConfig.CONCURRENCY_DEFAULT,
        AgentConfig.TEMPERATURE_DEFAULT,
        AgentConfig.TOKENS_DEFAULT,
        metadata(AgentRole.CUSTOM, List.of(), null, null, null));
  }

  private static Member member(
      String name,
      String systemPrompt,
      String model,
      List<ToolName> tools,
      int concurrencyLimit,
      double temperature,
      int maxTokens,
      AgentMetadata metadata) {
    return new Member(
        name,
        new AgentConfig(
            systemPrompt + HONESTY,
            model,
            tools,
            concurrencyLimit,
            temperature,
            maxTokens,
            metadata,
            metadata.role() == AgentRole.ORCHESTRATOR ? OrchestratorSettings.DEFAULT : null));
  }

  private static AgentMetadata metadata(
      AgentRole role,
      List<String> capabilities,
      @Nullable Risk risk,
      @Nullable BigDecimal costPerCall,
      @Nullable BigDecimal estimatedDuration) {
    return new AgentMetadata(
        role,
        capabilities,
        risk,
        costPerCall,
        estimatedDuration,
        AgentMetadata.VECTORS_DEFAULT,
        null,
        null,
        Map.of());
  }

  private static List<ToolName> toolsOf(AgentRole role) {
    ToolPolicy policy = ToolPolicy.of(role);
    return Arrays.stream(ToolName.values()).filter(policy::allows).toList();
  }
}
