package dev.artel.event;

import dev.artel.base.Ids;
import dev.artel.db.Tx;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import java.sql.Array;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// The append side of the log. Events are collected while their transaction runs and get their
/// numbers in its last statement; after the commit they go to those who follow.
public final class EventLog {
  private static final Logger log = LoggerFactory.getLogger(EventLog.class);

  /// The counters are taken and the rows written by one statement, so that the counters' locks last
  /// for one commit only. Heads are taken in id order: two transactions cannot wait for each other.
  private static final String APPEND =
      """
      with drafted as (
        select * from unnest(:event_ids, :projects, :sessions, :agents, :types, :aggregate_types,
                             :aggregate_ids, :payloads)
          with ordinality as d (event_id, project_id, session_id, agent_id, event_type,
                                aggregate_type, aggregate_id, payload, place)
      ),
      wanted as (
        select project_id, null::uuid as session_id, count(*) as n from drafted group by 1
        union all
        select project_id, session_id, count(*) from drafted where session_id is not null group by 1, 2
      ),
      heads as (
        insert into event_heads (user_id, project_id, session_id, next, last_at)
        select :user, project_id, session_id, n + 1, artel_now()
          from wanted
         order by project_id, session_id nulls first
        on conflict (user_id, project_id, session_id) do update
           set next = event_heads.next + excluded.next - 1,
               last_at = greatest(event_heads.last_at, artel_now())
        returning project_id, session_id, next, last_at
      ),
      placed as (
        select d.*,
               row_number() over (partition by project_id order by place) as place_in_project,
               row_number() over (partition by project_id, session_id order by place) as place_in_session,
               count(*) over (partition by project_id) as n_in_project,
               count(*) over (partition by project_id, session_id) as n_in_session
          from drafted d
      )
      insert into event_logs (event_id, user_id, project_id, session_id, agent_id, event_type,
                              aggregate_type, aggregate_id, payload, seq, project_seq, created_at)
      select p.event_id, :user, p.project_id, p.session_id, p.agent_id, p.event_type,
             p.aggregate_type, p.aggregate_id, p.payload::jsonb,
             case when p.session_id is not null then sh.next - p.n_in_session + p.place_in_session - 1 end,
             ph.next - p.n_in_project + p.place_in_project - 1,
             ph.last_at
        from placed p
        join heads ph on ph.project_id = p.project_id and ph.session_id is null
        left join heads sh on sh.project_id = p.project_id and sh.session_id = p.session_id
       order by p.place
      returning event_id, seq, project_seq, created_at
      """;

  private final Ids ids;
  private final Publisher publisher;

  EventLog(Ids ids, Publisher publisher) {
    this.ids = ids;
    this.publisher = publisher;
  }

  /// What becomes of committed events. Called after the commit, on its thread; must not block.
  interface Publisher {
    void publish(UserId user, ProjectId project, List<Encoder.Envelope> events);
  }

  /// Adds the event to the transaction; it exists when and only when the transaction commits.
  ///
  /// @return the id that the event will have
  public EventId append(Tx tx, UserId user, Draft draft) {
    var id = new EventId(ids.next());
    String payload;
    try {
      payload = Payload.stored(draft);
    } catch (JacksonException unserialisable) {
      log.error("an event cannot be written as JSON and is skipped: {}", draft.event().type());
      return id;
    }
    Pending pending = pending(tx, user);
    if (pending.written) {
      throw new IllegalStateException("the transaction's events have their numbers already");
    }
    pending.drafted.add(new Drafted(id, draft, payload));
    return id;
  }

  private Pending pending(Tx tx, UserId user) {
    Pending pending =
        tx.part(
            Pending.class,
            fresh -> {
              var made = new Pending(user);
              fresh.beforeCommit(() -> write(fresh, made));
              fresh.afterCommit(() -> publish(made));
              return made;
            });
    if (!pending.user.equals(user)) {
      throw new IllegalArgumentException("a transaction belongs to one user");
    }
    return pending;
  }

  private void write(Tx tx, Pending pending) {
    List<Drafted> drafted = pending.drafted;
    pending.written = true;
    if (drafted.isEmpty()) {
      return;
    }
    Map<UUID, Drafted> byId = new HashMap<>();
    drafted.forEach(one -> byId.put(one.id().value(), one));
    pending.numbered.addAll(
        tx.sql(APPEND)
            .param("user", pending.user.value())
            .param("event_ids", array(tx, "uuid", drafted, d -> d.id().value()))
            .param("projects", array(tx, "uuid", drafted, d -> d.draft().project().value()))
            .param("sessions", array(tx, "uuid", drafted, Drafted::session))
            .param("agents", array(tx, "uuid", drafted, Drafted::agent))
            .param("types", array(tx, "text", drafted, d -> d.draft().event().type()))
            .param(
                "aggregate_types",
                array(tx, "text", drafted, d -> d.draft().event().aggregate().type()))
            .param(
                "aggregate_ids",
                array(tx, "uuid", drafted, d -> d.draft().event().aggregate().id()))
            .param("payloads", array(tx, "text", drafted, Drafted::payload))
            .query((row, _) -> {
              Drafted one = Objects.requireNonNull(byId.get(row.getObject("event_id", UUID.class)));
              return new Encoder.Envelope(
                  one.id(),
                  one.draft().event().type(),
                  pending.user,
                  one.draft().project(),
                  one.draft().session(),
                  one.draft().event().taskId(),
                  row.getObject("seq", Long.class),
                  row.getLong("project_seq"),
                  row.getObject("created_at", OffsetDateTime.class).toInstant(),
                  one.payload());
            })
            .list());
  }

  private static Array array(
      Tx tx, String type, List<Drafted> drafted, Function<Drafted, @Nullable Object> value) {
    try {
      return tx.connection().createArrayOf(type, drafted.stream().map(value).toArray());
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private void publish(Pending pending) {
    Map<ProjectId, List<Encoder.Envelope>> byProject = new HashMap<>();
    for (Encoder.Envelope event : pending.numbered) {
      byProject.computeIfAbsent(event.project(), _ -> new ArrayList<>()).add(event);
    }
    byProject.forEach((project, events) -> publisher.publish(pending.user, project, events));
  }

  private record Drafted(EventId id, Draft draft, String payload) {
    @Nullable UUID session() {
      SessionId session = draft.session();
      return session == null ? null : session.value();
    }

    @Nullable UUID agent() {
      return draft.agent() == null ? null : draft.agent().value();
    }
  }

  /// What one transaction has to tell.
  private static final class Pending {
    private final UserId user;
    private final List<Drafted> drafted = new ArrayList<>();
    private final List<Encoder.Envelope> numbered = new ArrayList<>();
    private boolean written;

    Pending(UserId user) {
      this.user = user;
    }
  }
}
