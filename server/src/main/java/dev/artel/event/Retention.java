package dev.artel.event;

import dev.artel.db.Db;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets events go that are older than they are kept, in short transactions.
final class Retention {
  private static final Logger log = LoggerFactory.getLogger(Retention.class);
  private static final int BATCH = 1_000;

  private final Db db;
  private final EventRetention keep;

  Retention(Db db, EventRetention keep) {
    this.db = db;
    this.keep = keep;
  }

  /// @return how many events were let go
  long sweep() {
    if (keep.days() == 0) {
      return 0;
    }
    long gone = 0;
    int batch;
    do {
      batch = sweepBatch();
      gone += batch;
    } while (batch == BATCH);
    if (gone > 0) {
      log.info("{} events were older than {} days and are gone", gone, keep.days());
    }
    return gone;
  }

  private int sweepBatch() {
    return db.dispatch(tx ->
        tx.sql(
                """
                delete from event_logs
                 where (user_id, event_id) in
                       (select user_id, event_id from event_logs
                         where created_at < artel_now() - make_interval(days => :days)
                         order by created_at
                         limit :batch)
                """)
            .param("days", keep.days())
            .param("batch", BATCH)
            .update());
  }
}
