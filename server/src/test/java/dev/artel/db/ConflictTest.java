package dev.artel.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.protocol.UserId;
import dev.artel.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.dao.PessimisticLockingFailureException;

/// Transactions that collide.
final class ConflictTest {
  private final Db db = TestDatabase.db();
  private final UserId user = TestDatabase.newUser();

  private UUID project(String name) {
    UUID id = UUID.randomUUID();
    db.does(
        user,
        tx ->
            tx.sql("insert into user_projects (id, user_id, name) values (:id, :user, :name)")
                .param("id", id)
                .param("user", user.value())
                .param("name", name)
                .update());
    return id;
  }

  private void count(Tx tx, UUID project) {
    tx.sql(
            "update user_projects set row_version = row_version + 1 where user_id = :user and id = :id")
        .param("user", user.value())
        .param("id", project)
        .update();
  }

  private int counted(UUID project) {
    return db.read(
        user,
        tx ->
            tx.sql("select row_version from user_projects where user_id = :user and id = :id")
                .param("user", user.value())
                .param("id", project)
                .query(Integer.class)
                .single());
  }

  @Test
  void a_deadlock_is_run_again_and_both_transactions_take_effect_once() throws Exception {
    UUID a = project("a");
    UUID b = project("b");
    var bothHoldOne = new CyclicBarrier(2);
    var runs = new AtomicInteger();
    var told = new AtomicInteger();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> colliding =
          List.of(
              () -> crossing(a, b, bothHoldOne, runs, told),
              () -> crossing(b, a, bothHoldOne, runs, told));
      for (Future<Integer> done : pool.invokeAll(colliding)) {
        assertThat(done.get()).isPositive();
      }
    }

    assertThat(runs).as("one of the two was run again").hasValue(3);
    assertThat(told).as("what follows a commit follows it once").hasValue(2);
    assertThat(counted(a)).isEqualTo(3);
    assertThat(counted(b)).isEqualTo(3);
  }

  private int crossing(
      UUID first, UUID second, CyclicBarrier bothHoldOne, AtomicInteger runs, AtomicInteger told) {
    var own = new AtomicInteger();
    return db.as(
        user,
        tx -> {
          runs.incrementAndGet();
          tx.afterCommit(told::incrementAndGet);
          count(tx, first);
          if (own.incrementAndGet() == 1) {
            meet(bothHoldOne);
          }
          count(tx, second);
          return own.get();
        });
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception broken) {
      throw new IllegalStateException(broken);
    }
  }

  @Test
  void a_transaction_that_keeps_colliding_gives_up_in_the_end() {
    var runs = new AtomicInteger();

    assertThatThrownBy(() ->
            db.does(
                user,
                _ -> {
                  runs.incrementAndGet();
                  throw new PessimisticLockingFailureException(
                      "deadlock", new SQLException("deadlock", "40P01"));
                }))
        .isInstanceOf(PessimisticLockingFailureException.class);
    assertThat(runs).hasValue(4);
  }

  @Test
  void another_failure_is_not_run_again() {
    var runs = new AtomicInteger();

    assertThatThrownBy(() ->
            db.does(
                user,
                tx -> {
                  runs.incrementAndGet();
                  tx.sql("select 1 / 0").query(Integer.class).single();
                }))
        .hasRootCauseInstanceOf(SQLException.class);
    assertThat(runs).hasValue(1);
  }
}
