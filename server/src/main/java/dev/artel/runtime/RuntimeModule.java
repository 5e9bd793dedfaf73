package dev.artel.runtime;

import dev.artel.agent.Agents;
import dev.artel.bus.Bus;
import dev.artel.db.Db;
import dev.artel.event.EventLog;
import dev.artel.event.Streams;
import dev.artel.http.Draining;
import dev.artel.llm.Models;
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
      Conversation conversation,
      Answers answers,
      Draining draining) {
    var turns = new Turns(db, bus, events, agents, models, conversation, answers);
    draining.onBegin(bus::letCallersGo);
    bus.start(turns);
    return turns;
  }
}
