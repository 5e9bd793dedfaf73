package dev.artel.http;

/// The version of a stored thing, as its `ETag` says it.
public record RowVersion(long number) {
  /// The header's value, such as `"v7"`.
  public String etag() {
    return "\"v" + number + "\"";
  }
}
