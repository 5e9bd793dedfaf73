package dev.artel.project;

import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.event.EventHistory;
import dev.artel.event.EventLog;
import dev.artel.event.Follow;
import dev.artel.event.Streams;
import dev.artel.http.DefaultProject;
import dev.artel.http.MeSource;
import dev.artel.http.Rebuild;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Builds projects and hands routes the project that their path names.
@Configuration(proxyBeanMethods = false)
class ProjectModule {
  @Bean
  Projects projects(Db db, Ids ids, EventLog events, ObjectProvider<Furnishing> furnishings) {
    // Asked once, but late: those who furnish are built after this.
    var all = SingletonSupplier.of(() -> furnishings.orderedStream().toList());
    return Projects.create(db, ids, events, all::obtain);
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

  /// The streams of a project end with it.
  @Bean
  Furnishing projectStreams(ObjectProvider<Streams> streams) {
    return new Furnishing() {
      @Override
      public void removing(Tx tx, UserId user, ProjectId project) {
        streams.getObject().closeWith(tx, user, project);
      }
    };
  }

  @Bean
  DefaultProject defaultProject(Projects projects) {
    return projects::defaultOf;
  }

  @Bean
  Rebuild rebuildProject(Projects projects) {
    return new Rebuild() {
      @Override
      public String resourceType() {
        return Projects.RESOURCE;
      }

      @Override
      public ResponseEntity<?> answer(UserId user, UUID resource) {
        var id = new ProjectId(resource);
        return ResponseEntity.status(HttpStatus.CREATED)
            .body(
                ProjectRoutes.ProjectResponse.of(projects.get(user, id), projects.team(user, id)));
      }
    };
  }

  @Bean
  MeSource defaultProjectOfMe(Projects projects) {
    return caller -> Map.of("default_project_id", projects.defaultOf(caller.user()));
  }

  @Bean
  ProjectRoutes projectRoutes(Projects projects) {
    return new ProjectRoutes(projects);
  }

  @Bean
  FeedRoutes feedRoutes(EventHistory history, Follow follow, Projects projects) {
    return new FeedRoutes(history, follow, projects);
  }
}
