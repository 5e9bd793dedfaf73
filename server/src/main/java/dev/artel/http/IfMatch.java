package dev.artel.http;

import dev.artel.base.Fault;
import dev.artel.protocol.ErrorCode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which versions a writer has in mind, from the header `If-Match`. A handler that takes one passes
/// it to the door, which checks it in the transaction that writes.
public final class IfMatch {
  /// No header: the last writer wins.
  public static final IfMatch ANY = new IfMatch(null);

  private final @Nullable Set<String> tags;

  private IfMatch(@Nullable Set<String> tags) {
    this.tags = tags;
  }

  static IfMatch of(@Nullable String header) {
    if (header == null || header.strip().equals("*")) {
      return ANY;
    }
    return new IfMatch(
        Set.copyOf(List.of(header.split(",", -1)).stream().map(String::strip).distinct().toList()));
  }

  /// @throws Fault 412 when the present version is none of those
  public void check(RowVersion present) {
    if (tags != null && !tags.contains(present.etag())) {
      throw Fault.of(
              ErrorCode.PRECONDITION_FAILED,
              "It was changed in the meantime: its version is now %d. Read it again and repeat."
                  .formatted(present.number()))
          .with("current", present.number());
    }
  }
}
