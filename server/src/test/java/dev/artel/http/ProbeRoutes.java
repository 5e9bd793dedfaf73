package dev.artel.http;

import dev.artel.base.Fault;
import dev.artel.db.Db;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.UserId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Routes as features write them.
@RestController
final class ProbeRoutes {
  private final Db db;
  final AtomicInteger runs = new AtomicInteger();
  volatile @Nullable CountDownLatch hold;
  volatile int failWith;

  ProbeRoutes(Db db) {
    this.db = db;
  }

  record Thing(@Size(max = 20) String name) {}

  enum Colour {
    RED,
    BLUE
  }

  @GetMapping("/my/things")
  Map<String, Object> things(
      HttpServletRequest request,
      Paging paging,
      @RequestParam(required = false) @Nullable Colour colour) {
    return Listing.of(request, "things", List.of(paging.orderBy(List.of("name"), "id")), 1, paging);
  }

  @GetMapping("/my/things/{id}")
  Map<String, Object> thing(@PathVariable UUID id, HttpServletRequest request) {
    return Map.of("id", id, "user", Objects.requireNonNull(Caller.of(request)).user());
  }

  @PutMapping("/my/things/{id}")
  Map<String, Object> replace(@PathVariable UUID id, IfMatch ifMatch) {
    ifMatch.check(new RowVersion(7));
    return Map.of("id", id);
  }

  @PostMapping("/my/echo")
  Map<String, Object> echo(@RequestBody Object body) {
    return Map.of("bytes", body.toString().length());
  }

  @PostMapping("/my/large")
  @BodyLimit(bytesMax = 3 << 20)
  Map<String, Object> large(@RequestBody String body) {
    return Map.of("length", body.length());
  }

  @GetMapping("/my/heavy")
  @Heavy(bucket = "probe")
  Map<String, Object> heavy() {
    return Map.of();
  }

  @GetMapping("/my/runners")
  Map<String, Object> runners() {
    return Map.of();
  }

  @GetMapping("/health")
  Map<String, Object> health() {
    return Map.of();
  }

  @GetMapping("/open")
  Map<String, Object> open() {
    return Map.of();
  }

  @GetMapping("/auth/config")
  Map<String, Object> auth() {
    return Map.of();
  }

  @GetMapping("/my/faults/{code}")
  Map<String, Object> fault(@PathVariable ErrorCode code) {
    return Optional.<Map<String, Object>>empty().orElseThrow(() -> Fault.of(code, "It is so."));
  }

  @GetMapping("/my/broken")
  Map<String, Object> broken() {
    return Map.of("never", Objects.requireNonNull(null, "password=hunter2"));
  }

  /// Makes a project, as a feature would: key first, then the effect, in one transaction.
  @PostMapping({"/my/projects", "/my/projects/{project_id}/copies", "/my/copies"})
  @ResponseStatus(HttpStatus.CREATED)
  Map<String, Object> create(
      HttpServletRequest request, Idempotency once, @RequestBody @Valid Thing thing)
      throws InterruptedException {
    UserId user = Objects.requireNonNull(Caller.of(request)).user();
    UUID id = UUID.randomUUID();
    db.does(
        user,
        tx -> {
          once.record(tx, "project", id);
          tx.sql("insert into user_projects (id, user_id, name) values (:id, :user, :name)")
              .param("id", id)
              .param("user", user.value())
              .param("name", thing.name() + runs.incrementAndGet())
              .update();
        });
    CountDownLatch latch = hold;
    if (latch != null) {
      latch.await();
    }
    if (failWith == 500) {
      throw new IllegalStateException("after the effect");
    }
    return Map.of("id", id, "name", thing.name());
  }

  record ProjectRebuild(Db db) implements Rebuild {
    @Override
    public String resourceType() {
      return "project";
    }

    @Override
    public ResponseEntity<?> answer(UserId user, UUID resource) {
      String name =
          db.read(
              user,
              tx ->
                  tx.sql("select name from user_projects where user_id = :user and id = :id")
                      .param("user", user.value())
                      .param("id", resource)
                      .query(String.class)
                      .single());
      return ResponseEntity.status(201).body(Map.of("id", resource, "rebuilt", name));
    }
  }
}
