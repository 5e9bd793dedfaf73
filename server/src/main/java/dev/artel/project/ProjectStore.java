package dev.artel.project;

import dev.artel.db.Tx;
import dev.artel.http.Page;
import dev.artel.http.Paging;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The rows of projects.
final class ProjectStore {
  private static final List<String> SORTABLE = List.of("name", "created_at", "updated_at");

  /// Makes everything that decides about names of one user's projects happen one after another.
  /// False when the user is gone.
  boolean lockUser(Tx tx, UserId user) {
    return tx.sql("select id from users where id = :user_id for no key update")
        .param("user_id", user.value())
        .query(UUID.class)
        .optional()
        .isPresent();
  }

  Project insert(
      Tx tx,
      UserId user,
      ProjectId id,
      String name,
      @Nullable String workspacePath,
      boolean isDefault) {
    return tx.sql(
            """
            insert into user_projects (id, user_id, name, workspace_path, is_default)
            values (:id, :user_id, :name, :workspace_path, :is_default)
            returning *
            """)
        .param("id", id.value())
        .param("user_id", user.value())
        .param("name", name)
        .param("workspace_path", workspacePath)
        .param("is_default", isDefault)
        .query(ProjectStore::project)
        .single();
  }

  Optional<Project> find(Tx tx, UserId user, ProjectId id) {
    return tx.sql("select * from user_projects where user_id = :user_id and id = :id")
        .param("user_id", user.value())
        .param("id", id.value())
        .query(ProjectStore::project)
        .optional();
  }

  Optional<Project> lock(Tx tx, UserId user, ProjectId id) {
    return tx.sql("select * from user_projects where user_id = :user_id and id = :id for update")
        .param("user_id", user.value())
        .param("id", id.value())
        .query(ProjectStore::project)
        .optional();
  }

  Optional<Project> findByName(Tx tx, UserId user, String name, @Nullable String workspacePath) {
    return tx.sql(
            """
            select * from user_projects
             where user_id = :user_id and name = :name
               and workspace_path is not distinct from cast(:workspace_path as varchar)
            """)
        .param("user_id", user.value())
        .param("name", name)
        .param("workspace_path", workspacePath)
        .query(ProjectStore::project)
        .optional();
  }

  Optional<ProjectId> findDefault(Tx tx, UserId user) {
    return tx.sql("select id from user_projects where user_id = :user_id and is_default")
        .param("user_id", user.value())
        .query(UUID.class)
        .optional()
        .map(ProjectId::new);
  }

  void makeDefault(Tx tx, UserId user, ProjectId id) {
    tx.sql(
            """
            update user_projects
               set is_default = true, row_version = row_version + 1, updated_at = artel_now()
             where user_id = :user_id and id = :id
            """)
        .param("user_id", user.value())
        .param("id", id.value())
        .update();
  }

  Page<Project> list(Tx tx, UserId user, Paging paging) {
    List<Project> projects =
        tx.sql(
                """
                select * from user_projects
                 where user_id = :user_id
                 order by %s
                 limit :limit offset :offset
                """
                    .formatted(paging.orderBy(SORTABLE, "created_at, id")))
            .param("user_id", user.value())
            .param("limit", paging.limit())
            .param("offset", paging.offset())
            .query(ProjectStore::project)
            .list();
    long total =
        tx.sql("select count(*) from user_projects where user_id = :user_id")
            .param("user_id", user.value())
            .query(Long.class)
            .single();
    return new Page<>(projects, total);
  }

  Project update(Tx tx, UserId user, ProjectId id, String name, @Nullable String workspacePath) {
    return tx.sql(
            """
            update user_projects
               set name = :name, workspace_path = :workspace_path,
                   row_version = row_version + 1, updated_at = artel_now()
             where user_id = :user_id and id = :id
            returning *
            """)
        .param("user_id", user.value())
        .param("id", id.value())
        .param("name", name)
        .param("workspace_path", workspacePath)
        .query(ProjectStore::project)
        .single();
  }

  /// Everything in the project goes with its row.
  void delete(Tx tx, UserId user, ProjectId id) {
    tx.sql("delete from user_projects where user_id = :user_id and id = :id")
        .param("user_id", user.value())
        .param("id", id.value())
        .update();
  }

  private static Project project(ResultSet row, int number) throws SQLException {
    return new Project(
        new ProjectId(row.getObject("id", UUID.class)),
        new UserId(row.getObject("user_id", UUID.class)),
        row.getString("name"),
        row.getString("workspace_path"),
        row.getBoolean("is_default"),
        row.getInt("row_version"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant());
  }
}
