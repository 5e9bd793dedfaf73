package dev.artel.chat;

import dev.artel.db.Db;
import dev.artel.http.Paging;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageRole;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Finds messages by their words, Russian and English, whatever form they stand in.
final class Search {
  /// Marks around a hit: private characters, which are left out of the snippet itself.
  private static final char HIT_BEGINS = '\uE000';

  private static final char HIT_ENDS = '\uE001';

  /// How much of the message on either side of a hit is looked at to end at whole words.
  private static final int AROUND = 40;

  private static final String MATCHING =
      """
       from messages m
       join chat_sessions s on s.user_id = m.user_id and s.id = m.session_id
      cross join (select websearch_to_tsquery('russian', :words)
                         || websearch_to_tsquery('english', :words) as query) q
      where m.user_id = :user and m.search @@ q.query and m.superseded_by is null
        and (cast(:project as uuid) is null or m.project_id = :project)
        and (cast(:session as uuid) is null or m.session_id = :session)
        and (cast(:role as text) is null or m.role = :role)
        and (cast(:since as timestamptz) is null or m.created_at >= :since)
        and (cast(:until as timestamptz) is null or m.created_at < :until)
      """;

  private final Db db;

  Search(Db db) {
    this.db = db;
  }

  /// @param project null: all projects of the user
  record Query(
      String words,
      @Nullable ProjectId project,
      @Nullable SessionId session,
      @Nullable MessageRole role,
      @Nullable Instant since,
      @Nullable Instant until) {}

  /// A place in a snippet, in UTF-16 units.
  record Highlight(int start, int length) {}

  record Hit(
      ProjectId project,
      SessionId session,
      @Nullable String sessionTitle,
      MessageId message,
      MessageRole role,
      @Nullable String agentName,
      String snippet,
      List<Highlight> highlights,
      Instant timestamp,
      double rank) {}

  record Page(List<Hit> hits, long total) {}

  /// The best hits first.
  Page find(UserId user, Query query, Paging paging) {
    return db.read(
        user,
        tx -> {
          List<Hit> hits =
              bound(
                      tx.sql(
                          """
                          select f.*,
                                 substring(f.body from greatest(f.at - :around, 1)
                                           for least(:around, greatest(f.at - 1, 0))) as before,
                                 substring(f.body from f.at + length(f.plain) for :around) as after
                            from (select h.*, translate(h.snippet, :mark_chars, '') as plain,
                                         strpos(h.body, translate(h.snippet, :mark_chars, '')) as at
                                    from (select m.project_id, m.session_id, s.title, m.id, m.role,
                                                 m.agent_name, m.created_at,
                                                 ts_rank_cd(m.search, q.query) as rank,
                                                 translate(left(m.content, 100000), :mark_chars, '') as body,
                                                 ts_headline('russian',
                                                             translate(left(m.content, 100000), :mark_chars, ''),
                                                             q.query, :marks) as snippet
                          """
                              + MATCHING
                              + """
                                       order by rank desc, m.created_at desc, m.id
                                       limit :limit offset :offset) h) f
                               order by f.rank desc, f.created_at desc, f.id
                              """),
                      user,
                      query)
                  .param("mark_chars", "" + HIT_BEGINS + HIT_ENDS)
                  .param(
                      "marks",
                      "StartSel=%c, StopSel=%c, MaxWords=30, MinWords=12, MaxFragments=1"
                          .formatted(HIT_BEGINS, HIT_ENDS))
                  .param("around", AROUND)
                  .param("limit", paging.limit())
                  .param("offset", paging.offset())
                  .query((row, _) ->
                      hit(
                          new ProjectId(row.getObject("project_id", UUID.class)),
                          new SessionId(row.getObject("session_id", UUID.class)),
                          row.getString("title"),
                          new MessageId(row.getObject("id", UUID.class)),
                          MessageRole.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                          row.getString("agent_name"),
                          row.getInt("at") == 0
                              ? row.getString("snippet")
                              : whole(
                                  row.getString("before"),
                                  row.getString("snippet"),
                                  row.getString("after")),
                          SessionStore.time(row, "created_at"),
                          row.getDouble("rank")))
                  .list();
          long total =
              bound(tx.sql("select count(*) " + MATCHING), user, query).query(Long.class).single();
          return new Page(hits, total);
        });
  }

  private static JdbcClient.StatementSpec bound(
      JdbcClient.StatementSpec statement, UserId user, Query query) {
    return statement
        .param("user", user.value())
        .param("words", query.words())
        .param("project", query.project() == null ? null : query.project().value())
        .param("session", query.session() == null ? null : query.session().value())
        .param("role", query.role() == null ? null : query.role().word())
        .param("since", query.since() == null ? null : query.since().atOffset(ZoneOffset.UTC))
        .param("until", query.until() == null ? null : query.until().atOffset(ZoneOffset.UTC));
  }

  /// The snippet with the words that it cuts made whole, and a sign on each side where the message
  /// goes on. A word longer than what was fetched stays cut.
  static String whole(String before, String snippet, String after) {
    int from = before.length();
    while (from > 0 && !Character.isWhitespace(before.charAt(from - 1))) {
      from--;
    }
    int to = 0;
    while (to < after.length() && !Character.isWhitespace(after.charAt(to))) {
      to++;
    }
    return (before.substring(0, from).isBlank() ? "" : "… ")
        + before.substring(from)
        + snippet
        + after.substring(0, to)
        + (after.substring(to).isBlank() ? "" : " …");
  }

  private static Hit hit(
      ProjectId project,
      SessionId session,
      @Nullable String title,
      MessageId message,
      MessageRole role,
      @Nullable String agentName,
      String marked,
      Instant timestamp,
      double rank) {
    var snippet = new StringBuilder();
    var highlights = new ArrayList<Highlight>();
    int begun = -1;
    for (int i = 0; i < marked.length(); i++) {
      char c = marked.charAt(i);
      if (c == HIT_BEGINS) {
        begun = snippet.length();
      } else if (c == HIT_ENDS && begun >= 0) {
        highlights.add(new Highlight(begun, snippet.length() - begun));
        begun = -1;
      } else if (c != HIT_ENDS) {
        snippet.append(c);
      }
    }
    return new Hit(
        project,
        session,
        title,
        message,
        role,
        agentName,
        snippet.toString(),
        highlights,
        timestamp,
        rank);
  }
}
