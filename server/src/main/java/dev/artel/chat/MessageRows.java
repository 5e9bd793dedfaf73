package dev.artel.chat;

import dev.artel.protocol.AgentId;
import dev.artel.protocol.FinishReason;
import dev.artel.protocol.Latency;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageMode;
import dev.artel.protocol.MessageRole;
import dev.artel.protocol.MessageStatus;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.Usage;
import dev.artel.protocol.WireCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/// Reads messages out of rows.
final class MessageRows {
  static final String COLUMNS =
      """
      m.id, m.session_id, m.ordinal, m.role, m.content, m.payload, m.agent_id, m.agent_name,
      m.target_agent, m.mode, m.status, m.error, m.error_type, m.task_id, m.user_message_id,
      m.edited_from, m.superseded_by, m.client_ref, m.provider, m.model, m.demo, m.usage, m.latency,
      m.finish_reason, m.context_used, m.created_at
      """;

  private MessageRows() {}

  static Message message(ResultSet row, int number) throws SQLException {
    return new Message(
        new MessageId(row.getObject("id", UUID.class)),
        new SessionId(row.getObject("session_id", UUID.class)),
        row.getLong("ordinal"),
        MessageRole.valueOf(upper(row.getString("role"))),
        row.getString("content"),
        json(row, "payload", new TypeReference<Map<String, Object>>() {}),
        id(row, "agent_id", AgentId::new),
        row.getString("agent_name"),
        row.getString("target_agent"),
        word(row, "mode", MessageMode::valueOf),
        MessageStatus.valueOf(upper(row.getString("status"))),
        row.getString("error"),
        row.getString("error_type"),
        id(row, "task_id", TaskId::new),
        id(row, "user_message_id", MessageId::new),
        id(row, "edited_from", MessageId::new),
        id(row, "superseded_by", MessageId::new),
        row.getString("client_ref"),
        row.getString("provider"),
        row.getString("model"),
        row.getObject("demo", Boolean.class),
        json(row, "usage", new TypeReference<Usage>() {}),
        json(row, "latency", new TypeReference<Latency>() {}),
        word(row, "finish_reason", FinishReason::valueOf),
        row.getObject("context_used", Integer.class),
        SessionStore.time(row, "created_at"));
  }

  static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }

  private static <T> @Nullable T id(ResultSet row, String column, Function<UUID, T> make)
      throws SQLException {
    UUID id = row.getObject(column, UUID.class);
    return id == null ? null : make.apply(id);
  }

  private static <T> @Nullable T word(ResultSet row, String column, Function<String, T> of)
      throws SQLException {
    String word = row.getString(column);
    return word == null ? null : of.apply(upper(word));
  }

  private static <T> @Nullable T json(ResultSet row, String column, TypeReference<T> type)
      throws SQLException {
    String json = row.getString(column);
    return json == null ? null : WireCodec.json().readValue(json, type);
  }
}
