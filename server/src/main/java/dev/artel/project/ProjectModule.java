package dev.artel.project;

import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.event.EventHistory;
import dev.artel.event.EventLog;
import dev.artel.http.MeSource;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Builds projects and hands routes the project that their path names.
@Configuration(proxyBeanMethods = false)
class ProjectModule {
  @Bean
  Projects projects(Db db, Ids ids, EventLog events, ObjectProvider<Furnishing> furnishings) {
    return Projects.create(db, ids, events, () -> furnishings.orderedStream().toList());
  }

  @Bean
  EventHistory eventHistory(Db db) {
    return new EventHistory(db);
  }

  @Bean
  WebMvcConfigurer projectScopes(Projects projects) {
    return new WebMvcConfigurer() {
      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new ProjectScopeArgument(projects));
      }
    };
  }

  @Bean
  MeSource defaultProject(Projects projects) {
    return caller -> Map.of("default_project_id", projects.defaultOf(caller.user()));
  }

  @Bean
  ProjectRoutes projectRoutes(Projects projects) {
    return new ProjectRoutes(projects);
  }

  @Bean
  FeedRoutes feedRoutes(EventHistory history) {
    return new FeedRoutes(history);
  }
}
