package dev.artel.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.db.Db;
import dev.artel.protocol.UserId;
import dev.artel.testing.Deliberate;
import dev.artel.testing.TestDatabase;
import dev.artel.testing.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The wall inside PostgreSQL, read off its own catalogue and then leaned against.
final class SecondWallTest {
  private static final Db DB = TestDatabase.db();
  private static final String ALL_TABLES =
      """
      select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'public' and c.relkind in ('r', 'p')
      """;

  static List<String> tenantTables() {
    return TenantTables.names();
  }

  private static Set<String> ask(String sql) {
    List<String> found = DB.unbound(tx -> tx.sql(sql).query(String.class).list());
    return new TreeSet<>(found);
  }

  @Test
  void every_table_has_a_forced_policy_or_stands_in_the_short_list() throws Exception {
    Set<String> walled =
        ask(
            """
            select c.relname from pg_class c
              join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
              join pg_policies p on p.schemaname = 'public' and p.tablename = c.relname
             where c.relkind in ('r', 'p') and c.relrowsecurity and c.relforcerowsecurity
               and p.policyname = 'tenant' and p.permissive = 'PERMISSIVE' and p.cmd = 'ALL'
               and p.roles = '{artel_app}'
               and p.qual = format('(%s = artel_user())', case c.relname when 'users' then 'id' else 'user_id' end)
               and p.with_check = p.qual
            """);
    Set<String> open = ask(ALL_TABLES);
    open.removeAll(walled);
    assertThat(open).isEqualTo(Deliberate.names("Tables without a user"));
    assertThat(walled).contains("users", "user_projects", "messages", "event_logs");
  }

  @Test
  void no_other_policy_widens_a_table_but_the_dispatchers() {
    assertThat(
            ask(
                """
                select tablename || '.' || policyname from pg_policies
                 where policyname <> 'tenant'
                   and not (policyname = 'dispatch' and roles = '{artel_dispatch}')
                """))
        .isEmpty();
  }

  @Test
  void the_dispatcher_reads_no_content() {
    assertThat(
            ask(
                """
                select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, null)
                  from pg_class c
                  join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
                  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                  join pg_policy p on p.polrelid = c.oid and p.polname = 'tenant'
                 where has_column_privilege('artel_dispatch', c.oid, a.attnum, 'select')
                   and a.atttypid in ('text'::regtype, 'jsonb'::regtype, 'json'::regtype,
                                      'bytea'::regtype, 'tsvector'::regtype)
                """))
        .isEmpty();
  }

  @Test
  void every_view_asks_with_the_rights_of_who_asks() {
    assertThat(
            ask(
                """
                select c.relname from pg_class c
                  join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
                 where c.relkind in ('v', 'm')
                   and not coalesce(c.reloptions @> '{security_invoker=true}', false)
                """))
        .isEmpty();
  }

  @Test
  void every_key_begins_with_the_user() {
    assertThat(
            ask(
                """
                select k.conrelid::regclass || '.' || k.conname from pg_constraint k
                  join pg_policy p on p.polrelid = k.conrelid and p.polname = 'tenant'
                  join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
                 where k.contype in ('f', 'p', 'u') and k.conrelid <> 'users'::regclass
                   and a.attname <> 'user_id'
                """))
        .isEmpty();
    assertThat(
            ask(
                """
                select k.conrelid::regclass || '.' || k.conname from pg_constraint k
                  join pg_attribute a on a.attrelid = k.confrelid and a.attnum = k.confkey[1]
                 where k.contype = 'f'
                   and a.attname <> case when k.confrelid = 'users'::regclass then 'id' else 'user_id' end
                """))
        .isEmpty();
  }

  @Test
  void every_index_begins_with_the_user_or_stands_in_the_short_list() throws Exception {
    assertThat(
            ask(
                """
                select i.indexrelid::regclass::text from pg_index i
                  join pg_policy p on p.polrelid = i.indrelid and p.polname = 'tenant'
                  left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                 where a.attname is distinct from
                       case when i.indrelid = 'users'::regclass then 'id' else 'user_id' end
                """))
        .isEqualTo(Deliberate.names("Indexes that do not begin with user_id"));
  }

  @Test
  void the_roles_that_serve_own_nothing_and_pass_no_wall() {
    assertThat(
            ask(
                """
                select rolname from pg_roles
                 where rolname in ('artel_app', 'artel_dispatch', 'artel_owner')
                   and (rolsuper or rolbypassrls)
                """))
        .isEmpty();
    assertThat(
            ask(
                """
                select c.relname from pg_class c join pg_roles r on r.oid = c.relowner
                 where r.rolname in ('artel_app', 'artel_dispatch') and c.relpersistence <> 't'
                """))
        .isEmpty();
    assertThat(ask("select current_user::text")).containsExactly("artel_app");
  }

  @ParameterizedTest
  @MethodSource("tenantTables")
  void without_a_user_a_table_shows_no_row_and_takes_none(String table) {
    Owners.ensure();
    String user = TenantTables.userColumn(table);
    assertThat(
            DB.<Long>unbound(
                tx -> tx.sql("select count(*) from " + table).query(Long.class).single()))
        .isZero();
    assertThat(changed("update %s set %s = %s".formatted(table, user, user))).isZero();
    assertThat(changed("delete from " + table)).isZero();
    assertThatThrownBy(() ->
            changed("insert into %s (%s) values ('%s')".formatted(table, user, UUID.randomUUID())))
        .hasStackTraceContaining("row-level security policy");
  }

  private static int changed(String sql) {
    return DB.unbound(tx -> tx.sql(sql).update());
  }

  @ParameterizedTest
  @MethodSource("tenantTables")
  void a_user_sees_and_touches_no_other_users_row(String table) {
    Owners.ensure();
    String column = TenantTables.userColumn(table);
    UserId stranger = TestDatabase.newUser();
    List<UUID> seen =
        DB.read(
            stranger,
            tx ->
                tx.sql("select distinct %s from %s".formatted(column, table))
                    .query(UUID.class)
                    .list());
    assertThat(seen).isSubsetOf(stranger.value());
    int touched =
        DB.as(
            stranger,
            tx ->
                tx.sql("delete from %s where %s <> :me".formatted(table, column))
                    .param("me", stranger.value())
                    .update());
    assertThat(touched).isZero();
    assertThatThrownBy(() ->
            DB.does(
                stranger,
                tx ->
                    tx.sql("insert into %s (%s) values (:other)".formatted(table, column))
                        .param("other", Owners.user().value())
                        .update()))
        .hasStackTraceContaining("row-level security policy");
  }

  @Test
  void the_tables_that_are_leaned_against_are_not_empty() {
    Owners.ensure();
    var empty = new ArrayList<String>();
    for (String table : tenantTables()) {
      long rows =
          DB.read(
              Owners.user(),
              tx -> tx.sql("select count(*) from " + table).query(Long.class).single());
      if (rows == 0) {
        empty.add(table);
      }
    }
    // Only while something goes wrong or grows do these have rows.
    assertThat(empty)
        .isSubsetOf("agent_checks", "message_drafts", "event_failures", "idempotency_keys");
  }

  /// Somebody who owns something of everything.
  private static final class Owners {
    private static final class Holder {
      static final Estate ESTATE = Estate.of(World.shared());
    }

    static void ensure() {
      assertThat(user()).isNotNull();
    }

    static UserId user() {
      return Holder.ESTATE.user();
    }
  }
}
