package dev.artel.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.artel.protocol.UserId;
import dev.artel.testing.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;

/// A row that PostgreSQL refuses.
final class RefusedRowTest {
  @Test
  void what_stands_in_it_is_not_in_the_error() {
    UserId user = TestDatabase.newUser();

    Throwable refused =
        catchThrowable(() ->
            TestDatabase.db()
                .does(
                    user,
                    tx ->
                        tx.sql(
                                "insert into user_projects (id, user_id, name) values (null, :user, :name)")
                            .param("user", user.value())
                            .param("name", "a private plan")
                            .update()));

    assertThat(refused).isInstanceOf(DataIntegrityViolationException.class);
    var printed = new StringWriter();
    refused.printStackTrace(new PrintWriter(printed));
    assertThat(printed.toString()).contains("violates not-null").doesNotContain("a private plan");
  }
}
