package dev.artel.event;

import dev.artel.base.Fault;
import dev.artel.http.Caller;
import dev.artel.http.Exchange;
import dev.artel.http.Filters;
import dev.artel.http.ProjectScope;
import dev.artel.http.Sink;
import dev.artel.http.StreamAnswer;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.EventId;
import dev.artel.protocol.IdText;
import dev.artel.protocol.SessionId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Opens a stream over HTTP: reads from the request what is to be followed, from where and how, and
/// serves it on the request's thread until it ends.
public final class Follow {
  /// The types that the existing VS Code client of this API knows; it logs an error for any other.
  private static final Set<String> VSCODE =
      Set.of(
          "message_received",
          "message_created",
          "agent_started",
          "agent_status_changed",
          "agent_response",
          "agent_completed",
          "agent_switched",
          "orchestration_started",
          "orchestration_plan_created",
          "orchestration_completed",
          "heartbeat",
          "direct_agent_call",
          "task_started",
          "task_progress",
          "task_completed",
          "tool.approval_request",
          "tool.execution_signal",
          "tool.result_ack",
          "tool_result",
          "error");

  private static final Set<String> EXECUTORS = Set.of("none", "browser", "signal");

  private final Streams streams;

  Follow(Streams streams) {
    this.streams = streams;
  }

  /// Whether the request asks for a stream rather than for a list.
  public static boolean asksForStream(HttpServletRequest request) {
    return format(request) != null;
  }

  /// Serves the stream of one task, its past first, until the task has ended or the stream does.
  /// Blocks as long.
  ///
  /// @param session the session that caused the task; null when none did
  /// @throws Fault before any byte is sent: BAD_REQUEST, TOO_MANY_STREAMS
  public void serve(
      HttpServletRequest request,
      HttpServletResponse response,
      Caller caller,
      ProjectScope scope,
      @Nullable SessionId session,
      StreamRequest.FollowedTask task)
      throws IOException {
    serve(request, response, caller, scope, session, () -> true, task);
  }

  /// Serves the stream. Blocks until it ends.
  ///
  /// @param session null for the project's feed
  /// @param stillThere whether what is followed still exists, asked once the stream is registered
  /// @throws Fault before any byte is sent: BAD_REQUEST, TOO_MANY_STREAMS
  public void serve(
      HttpServletRequest request,
      HttpServletResponse response,
      Caller caller,
      ProjectScope scope,
      @Nullable SessionId session,
      BooleanSupplier stillThere)
      throws IOException {
    serve(request, response, caller, scope, session, stillThere, null);
  }

  private void serve(
      HttpServletRequest request,
      HttpServletResponse response,
      Caller caller,
      ProjectScope scope,
      @Nullable SessionId session,
      BooleanSupplier stillThere,
      StreamRequest.@Nullable FollowedTask task)
      throws IOException {
    Format format = format(request);
    boolean vscode = isVscode(request);
    String executor = request.getParameter("executor");
    if (executor != null && !EXECUTORS.contains(executor)) {
      throw Fault.of(ErrorCode.BAD_REQUEST, "executor must be none, browser or signal.");
    }
    var wanted =
        new StreamRequest(
            scope.user(),
            scope.project(),
            session,
            format == null ? Format.NDJSON : format,
            resume(request),
            vscode ? VSCODE : types(request),
            vscode,
            deltas(request),
            caller,
            stillThere,
            task,
            Exchange.of(request).clientIp());
    Sink sink = StreamAnswer.to(request, response, wanted.format().mediaType());
    if (request.getMethod().equals("HEAD")) {
      // Whoever asks for the head alone would never be seen to leave.
      sink.flush();
      return;
    }
    streams.serve(wanted, sink);
  }

  /// The first streaming type that the request names; null when it names none.
  private static @Nullable Format format(HttpServletRequest request) {
    String accept = request.getHeader("Accept");
    if (accept == null) {
      return null;
    }
    for (String range : accept.split(",", -1)) {
      String type = range.split(";", 2)[0].strip();
      for (Format format : Format.values()) {
        if (type.equalsIgnoreCase(format.mediaType())) {
          return format;
        }
      }
    }
    return null;
  }

  private static boolean isVscode(HttpServletRequest request) {
    String client = request.getParameter("client");
    if (client != null && !client.equals("vscode")) {
      throw Fault.of(ErrorCode.BAD_REQUEST, "The only named client is vscode.");
    }
    return client != null;
  }

  private static boolean deltas(HttpServletRequest request) {
    String deltas = request.getParameter("deltas");
    if (deltas != null && !deltas.equals("1") && !deltas.equals("0")) {
      throw Fault.of(ErrorCode.BAD_REQUEST, "deltas must be 1 or 0.");
    }
    return "1".equals(deltas);
  }

  private static @Nullable Set<String> types(HttpServletRequest request) {
    String types = request.getParameter("event_types");
    return types == null || types.isBlank()
        ? null
        : Arrays.stream(types.split(",", -1))
            .map(String::strip)
            .filter(type -> !type.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
  }

  /// The query's position wins over the header's, and both over a time.
  private static StreamRequest.Resume resume(HttpServletRequest request) {
    String query = request.getParameter("last_event_id");
    String header = request.getHeader("Last-Event-ID");
    String position = query != null ? query : header;
    if (position != null) {
      return IdText.parse(position)
          .<StreamRequest.Resume>map(id -> new StreamRequest.Resume.After(new EventId(id)))
          .orElseThrow(
              () -> Fault.of(ErrorCode.BAD_REQUEST, "last_event_id must be the id of an event."));
    }
    Instant since = Filters.time("since", request.getParameter("since"));
    return since == null ? new StreamRequest.Resume.Live() : new StreamRequest.Resume.Since(since);
  }
}
