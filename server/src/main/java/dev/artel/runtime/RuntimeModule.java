package dev.artel.runtime;

import dev.artel.agent.Agents;
import dev.artel.bus.Backoff;
import dev.artel.bus.Bus;
import dev.artel.db.Db;
import dev.artel.event.EventLog;
import dev.artel.event.Follow;
import dev.artel.event.Streams;
import dev.artel.http.Draining;
import dev.artel.llm.ModelSettings;
import dev.artel.llm.Models;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds the runs of agents and gives them to the bus.
@Configuration(proxyBeanMethods = false)
class RuntimeModule {
  @Bean(initMethod = "start", destroyMethod = "close")
  Answers answers(
      Db db, ObjectProvider<Streams> streams, ObjectProvider<Conversation> conversation) {
    return new Answers(db, streams::getObject, conversation::getObject);
  }

  @Bean
  RunningAnswers runningAnswers(Answers answers) {
    return new RunningAnswers(answers);
  }

  /// Starts to take work as soon as everything that it needs is there, and ends it first.
  @Bean(destroyMethod = "close")
  Turns turns(
      Db db,
      Bus bus,
      EventLog events,
      Agents agents,
      Models models,
      ModelSettings settings,
      Conversation conversation,
      Answers answers,
      Draining draining) {
    CrashPoint crashes = ServiceLoader.load(CrashPoint.class).findFirst().orElse(_ -> {});
    var under = new UnderClaim(db, bus, conversation, crashes);
    var journal = new Journal(bus, events);
    var told = new TurnEvents(events);
    var limits = RunLimits.STANDARD;
    var machine = new LoopMachine(limits, backoff(settings.triesMax()));
    var loop =
        new AgentLoop(
            under,
            journal,
            models,
            machine,
            answers,
            told,
            crashes,
            () -> ThreadLocalRandom.current().nextLong());
    var ends = new TurnEnds(db, bus, under, journal, conversation, agents, told, limits);
    var turns =
        new Turns(
            bus, agents, models, conversation, answers, under, journal, machine, loop, told, ends);
    draining.onBegin(bus::letCallersGo);
    bus.start(turns);
    return turns;
  }

  @Bean
  StepRoutes stepRoutes(Db db, Bus bus, Follow follow) {
    return new StepRoutes(new Steps(db, bus), follow);
  }

  /// Somebody waits for the answer, so that the first waits are short; a provider that asks for
  /// more than a minute is better told to the user than waited for.
  private static Backoff backoff(int triesMax) {
    return new Backoff(
        triesMax - 1, Duration.ofMillis(500), Duration.ofSeconds(8), Duration.ofSeconds(60));
  }
}
