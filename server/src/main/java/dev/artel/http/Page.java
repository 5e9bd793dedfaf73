package dev.artel.http;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One page of a list.
///
/// @param total how many there are in all, under the same filters
/// @param nextCursor where the next page begins; null on the last page, and in lists without cursor
public record Page<T>(List<T> items, long total, @Nullable String nextCursor) {
  public Page {
    items = List.copyOf(items);
  }

  public Page(List<T> items, long total) {
    this(items, total, null);
  }

  public <R> Page<R> map(Function<T, R> mapping) {
    return new Page<>(items.stream().map(mapping).toList(), total, nextCursor);
  }
}
