package dev.artel.isolation;

import dev.artel.testing.TestDatabase;
import java.util.List;

/// The tables whose rows belong to users, as PostgreSQL itself lists them.
final class TenantTables {
  private TenantTables() {}

  static List<String> names() {
    return TestDatabase.db()
        .unbound(tx ->
            tx.sql(
                    """
                    select distinct c.relname from pg_class c
                      join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
                      join pg_policy p on p.polrelid = c.oid and p.polname = 'tenant'
                     order by 1
                    """)
                .query(String.class)
                .list());
  }

  static String userColumn(String table) {
    return table.equals("users") ? "id" : "user_id";
  }
}
