package dev.artel.agent;

import dev.artel.agent.StatusStore.Due;
import dev.artel.agent.StatusStore.Patient;
import dev.artel.bus.Bus;
import dev.artel.db.Db;
import dev.artel.llm.ModelErrorType;
import dev.artel.llm.Models;
import dev.artel.llm.ProviderInfo;
import dev.artel.llm.Resolution;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.UserId;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Finds out whether agents can work, and never pays for it: a model's endpoint is asked for its
/// list, once for all agents that it serves.
final class Checkup {
  /// What could start and does not for that long, while its agent does nothing else, is stuck.
  static final Duration STUCK_AFTER = Duration.ofSeconds(60);

  private final Db db;
  private final Bus bus;
  private final Models models;
  private final StatusStore store = new StatusStore();

  Checkup(Db db, Bus bus, Models models) {
    this.db = db;
    this.bus = bus;
    this.models = models;
  }

  /// Why an agent cannot work.
  enum Cause {
    CONFIGURATION,
    WORKER,
    QUEUE,
    MODEL
  }

  /// What is wrong, in words for the agent's owner.
  record Finding(Cause cause, String error) {}

  /// One agent's result.
  record Result(AgentId agent, Optional<Finding> finding) {}

  private record Examined(
      UserId user, Patient patient, Optional<Finding> finding, @Nullable String provider) {}

  /// Examines them all. Blocks for as long as the slowest endpoint takes, at most five seconds.
  Map<UserId, List<Result>> of(Collection<Due> due) throws InterruptedException {
    var examined = new ArrayList<Examined>();
    byUser(due)
        .forEach((user, agents) -> {
          List<Patient> patients =
              db.read(user, tx -> store.patients(tx, user, agents, STUCK_AFTER));
          patients.forEach(patient -> examined.add(examined(user, patient)));
        });
    Map<String, Optional<Finding>> endpoints =
        endpoints(
            examined.stream().map(Examined::provider).filter(p -> p != null).distinct().toList());
    var results = new LinkedHashMap<UserId, List<Result>>();
    for (Examined one : examined) {
      Optional<Finding> finding =
          one.provider() == null || one.finding().isPresent()
              ? one.finding()
              : endpoints.getOrDefault(one.provider(), Optional.empty());
      results
          .computeIfAbsent(one.user(), _ -> new ArrayList<>())
          .add(new Result(one.patient().id(), finding));
    }
    return results;
  }

  private static Map<UserId, List<AgentId>> byUser(Collection<Due> due) {
    var byUser = new TreeMap<UserId, List<AgentId>>(Comparator.comparing(UserId::value));
    due.stream()
        .sorted(Comparator.comparing((Due one) -> one.agent().value()))
        .forEach(
            one -> byUser.computeIfAbsent(one.user(), _ -> new ArrayList<>()).add(one.agent()));
    return byUser;
  }

  private Examined examined(UserId user, Patient patient) {
    if (!ConfigRules.isReadable(patient.config())) {
      return ill(user, patient, Cause.CONFIGURATION, "Its configuration cannot be read.");
    }
    AgentConfig config = ConfigRules.stored(patient.config());
    if (bus.broken()) {
      return ill(user, patient, Cause.WORKER, "The service takes no work.");
    }
    if (patient.stuck() && bus.active() < bus.limits().runningPerNode()) {
      return ill(
          user,
          patient,
          Cause.QUEUE,
          "Its queue has not moved for %d s.".formatted(STUCK_AFTER.toSeconds()));
    }
    String url = config.metadata().baseUrl();
    return switch (models.resolve(config.model(), url == null ? null : URI.create(url))) {
      case Resolution.Served served ->
          new Examined(user, patient, Optional.empty(), served.provider());
      case Resolution.NoModel _ ->
          ill(user, patient, Cause.MODEL, "No language model is configured.");
    };
  }

  private static Examined ill(UserId user, Patient patient, Cause cause, String error) {
    return new Examined(user, patient, Optional.of(new Finding(cause, error)), null);
  }

  private Map<String, Optional<Finding>> endpoints(List<String> providers)
      throws InterruptedException {
    var asked = new LinkedHashMap<String, Future<Optional<ProviderInfo>>>();
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      providers.forEach(
          provider -> asked.put(provider, each.submit(() -> models.provider(provider))));
    }
    var found = new LinkedHashMap<String, Optional<Finding>>();
    for (var answer : asked.entrySet()) {
      try {
        Optional<ProviderInfo> info = answer.getValue().get();
        found.put(answer.getKey(), info.flatMap(told -> finding(told.id(), told.errorType())));
      } catch (ExecutionException broken) {
        throw new IllegalStateException("asking for a list must not throw", broken.getCause());
      }
    }
    return found;
  }

  static Optional<Finding> finding(String provider, @Nullable ModelErrorType error) {
    if (error == null) {
      return Optional.empty();
    }
    String words =
        switch (error) {
          case TIMEOUT -> "does not answer within 5 s";
          case CONNECTION -> "cannot be reached";
          case AUTHENTICATION -> "refuses its key";
          case UNKNOWN -> "answers with an error";
          // It answers, and a completion may well work.
          case RATE_LIMIT, BAD_REQUEST -> null;
        };
    return words == null
        ? Optional.empty()
        : Optional.of(
            new Finding(Cause.MODEL, "The model provider %s %s.".formatted(provider, words)));
  }
}
