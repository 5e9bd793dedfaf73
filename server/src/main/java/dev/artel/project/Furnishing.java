package dev.artel.project;

import dev.artel.db.Tx;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.util.List;

/// What a project gets when it is made and used, and loses when it is deleted. Implemented by those
/// whose things live in projects.
public interface Furnishing {
  /// Puts the things into a project that is being made, in the transaction that makes it: a failure
  /// leaves no project behind.
  default void furnish(Tx tx, UserId user, ProjectId project, StarterPack pack) {}

  /// The agents that a project's answer lists, as the agents' own routes show them.
  default List<?> team(Tx tx, UserId user, ProjectId project) {
    return List.of();
  }

  /// A request is about to use the project, which was checked to be its caller's; outside any
  /// transaction, and often.
  default void used(ProjectScope scope) {}

  /// The project's rows go with this transaction. What is kept outside of it (caches, open streams)
  /// is let go after its commit.
  default void removing(Tx tx, UserId user, ProjectId project) {}
}
