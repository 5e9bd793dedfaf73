package dev.artel.http;

import java.util.Map;

/// A part of what `/my/me` tells the caller about themselves. Implemented where it is known.
public interface MeSource {
  /// Fields of the answer, by name.
  Map<String, Object> about(Caller caller);

  /// A source that tells limits alone; those of all sources are told together.
  static MeSource limits(Map<String, ? extends Number> limits) {
    return _ -> Map.of("limits", limits);
  }
}
