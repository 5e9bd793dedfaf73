package dev.artel.runtime;

import dev.artel.protocol.StepKind;
import dev.artel.protocol.StepStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the journal says of a task's earlier runs, in the order of its steps and their attempts.
record Past(List<Row> rows) {
  Past {
    rows = List.copyOf(rows);
  }

  /// One attempt of a step.
  ///
  /// @param answering whether a first token came
  /// @param output null when nothing is known of what came of it
  record Row(
      int step,
      int attempt,
      StepKind kind,
      String title,
      StepStatus status,
      long tokens,
      boolean answering,
      @Nullable String output) {}

  /// Whether no run came before this one.
  boolean fresh() {
    return rows.isEmpty();
  }

  boolean answering() {
    return rows.stream().anyMatch(Row::answering);
  }

  int modelCalls() {
    return (int) rows.stream().filter(row -> row.kind() == StepKind.MODEL).count();
  }

  long tokens() {
    return rows.stream().mapToLong(Row::tokens).sum();
  }

  /// The answer that was completed, if one was.
  StepOutcome.@Nullable Answered answered() {
    for (Row row : rows.reversed()) {
      if (row.status() == StepStatus.COMPLETED && row.output() != null) {
        return JournalJson.answered(row.output());
      }
    }
    return null;
  }

  /// The last text that came of a step that did not complete.
  @Nullable Said partial() {
    for (Row row : rows.reversed()) {
      Said said = row.output() == null ? null : JournalJson.said(row.output());
      if (said != null && !said.text().isEmpty()) {
        return said;
      }
    }
    return null;
  }
}
