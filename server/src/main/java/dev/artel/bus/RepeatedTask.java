package dev.artel.bus;

import dev.artel.http.Rebuild;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/// Answers a repeated POST that made a task with that task as it is now.
final class RepeatedTask implements Rebuild {
  private final Tasks tasks;

  RepeatedTask(Tasks tasks) {
    this.tasks = tasks;
  }

  @Override
  public String resourceType() {
    return "task";
  }

  @Override
  public ResponseEntity<?> answer(UserId user, UUID resource) {
    return ResponseEntity.status(HttpStatus.CREATED)
        .body(tasks.anywhere(user, new TaskId(resource)));
  }
}
