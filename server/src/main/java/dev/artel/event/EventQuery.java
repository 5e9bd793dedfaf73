package dev.artel.event;

import dev.artel.http.Filters;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.Event;
import dev.artel.protocol.SessionId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which stored events of a project are wanted, all conditions together.
///
/// @param types empty: of every type
/// @param from inclusive
/// @param until exclusive
/// @param after only those with a greater number in the project
/// @param before only those with a smaller number in the project
/// @param oldestFirst otherwise newest first
public record EventQuery(
    List<String> types,
    @Nullable SessionId session,
    @Nullable AgentId agent,
    @Nullable Instant from,
    @Nullable Instant until,
    @Nullable Long after,
    @Nullable Long before,
    boolean oldestFirst) {

  /// Every type that the log can hold.
  public static final Set<String> TYPES =
      Arrays.stream(Event.Logged.class.getPermittedSubclasses())
          .map(
              kind -> kind == Event.Failure.class ? "error" : Event.snakeCase(kind.getSimpleName()))
          .collect(Collectors.toUnmodifiableSet());

  public EventQuery {
    types = List.copyOf(types);
  }

  /// The types of the filter `event_type`: one, or several with commas between. One that the log
  /// cannot hold is refused.
  public static List<String> types(@Nullable String text) {
    List<String> types =
        Filters.value(
            "event_type",
            text,
            "a type of event, or several with commas between",
            EventQuery::known);
    return types == null ? List.of() : types;
  }

  private static @Nullable List<String> known(String text) {
    List<String> types = List.of(text.split(",", -1));
    return TYPES.containsAll(types) ? types : null;
  }

  /// Everything that a session caused, oldest first.
  public static EventQuery ofSession(SessionId session, List<String> types) {
    return new EventQuery(types, session, null, null, null, null, null, true);
  }
}
