package dev.artel.chat;

import dev.artel.agent.Agents;
import dev.artel.base.Ids;
import dev.artel.bus.Bus;
import dev.artel.bus.Origin;
import dev.artel.db.Db;
import dev.artel.event.EventLog;
import dev.artel.event.Follow;
import dev.artel.event.Streams;
import dev.artel.http.HttpSettings;
import dev.artel.http.MeSource;
import dev.artel.http.Rebuild;
import dev.artel.runtime.Conversation;
import dev.artel.runtime.RunningAnswers;
import dev.artel.space.Spaces;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Builds sessions, messages and their routes.
@Configuration(proxyBeanMethods = false)
class ChatModule implements WebMvcConfigurer {
  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(new StreamWatch());
  }

  @Bean
  Conversation conversation(EventLog events, Ids ids) {
    return new ChatConversation(events, ids);
  }

  @Bean
  Sessions sessions(Db db, EventLog events, Streams streams, Bus bus, Ids ids) {
    return new Sessions(db, events, streams, bus, ids);
  }

  @Bean
  Addressees addressees(Db db, EventLog events, Agents agents) {
    return new Addressees(db, events, agents);
  }

  @Bean
  Messages messages(
      Db db,
      EventLog events,
      Ids ids,
      Agents agents,
      Addressees addressees,
      Spaces spaces,
      Bus bus) {
    return new Messages(db, events, ids, agents, addressees, spaces, bus);
  }

  @Bean
  Origin questionOrigin(Messages messages) {
    return new QuestionOrigin(messages);
  }

  @Bean
  History history(Db db, Bus bus, RunningAnswers answers) {
    return new History(db, bus, answers);
  }

  @Bean
  Reply reply(History history, HttpSettings settings) {
    return new Reply(history, settings.waitLimit());
  }

  @Bean
  SessionRoutes sessionRoutes(Sessions sessions, History history) {
    return new SessionRoutes(sessions, history);
  }

  @Bean
  MessageRoutes messageRoutes(Messages messages, History history, Reply reply, Bus bus) {
    return new MessageRoutes(messages, history, reply, bus);
  }

  @Bean
  LineRoutes lineRoutes(Db db, EventLog events, Bus bus, Messages messages, Addressees addressees) {
    return new LineRoutes(new MessageLine(db, events, bus, messages, addressees));
  }

  @Bean
  SearchRoutes searchRoutes(Db db) {
    return new SearchRoutes(new Search(db));
  }

  @Bean
  StreamRoutes streamRoutes(Follow follow, Sessions sessions) {
    return new StreamRoutes(follow, sessions);
  }

  @Bean
  MeSource chatLimitsOfMe() {
    return MeSource.limits(
        Map.of(
            "message_bytes", MessageRoutes.CONTENT_BYTES_MAX,
            "session_queue", Messages.WAITING_MAX));
  }

  @Bean
  Rebuild sessionRebuild(Sessions sessions) {
    return new RepeatedSession(sessions);
  }

  @Bean
  Rebuild messageRebuild(Db db, Bus bus, Messages messages, Reply reply) {
    return new RepeatedMessage(db, bus, messages, reply);
  }
}
