package dev.artel.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.testing.Deliberate;
import dev.artel.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Reads the SQL in the sources. A statement on a table whose rows belong to users names and binds
/// the user; the few that cross users stand, by name, in docs/deliberate.md.
class SqlTest {
  private static final Path SOURCES = Golden.root().resolve("server/src/main/java");
  private static final Path MIGRATIONS = Golden.root().resolve("server/src/main/resources/db");
  private static final Pattern PROTECTED = Pattern.compile("artel_protect\\('(\\w+)'");
  private static final Pattern TEXT =
      Pattern.compile("\"\"\"\\R(.*?)\"\"\"|\"((?:[^\"\\\\\\n]|\\\\.)*)\"", Pattern.DOTALL);
  private static final Pattern STATEMENT =
      Pattern.compile("^\\s*(select|insert|update|delete|with)\\b.*", Pattern.DOTALL);
  private static final Pattern CONSTANT =
      Pattern.compile("static final String (\\w+)\\s*=\\s*(?://[^\\n]*\\s*)*$");
  private static final Pattern METHOD =
      Pattern.compile(
          "(?m)^ {2}(?! |return|(?:private |public )?(?:static )?(?:final )?(?:record|class|enum|interface) |private static final|static final)[\\w<>@\\[\\], .?]+ (\\w+)\\(");
  private static final Pattern USER = Pattern.compile("(?<![a-z_])(user_id|artel_user)\\b");
  private static final Pattern BOUND = Pattern.compile(":(user|user_id|owner)\\b");

  private static final Pattern CONSTANT_NAME = Pattern.compile("\\b[A-Z][A-Z_]+\\b");
  private static final int PIECES_CHARS = 200;

  private record Statement(String name, String sql) {}

  @Test
  void every_statement_on_a_tenant_table_names_and_binds_the_user() throws IOException {
    Set<String> tables = tenantTables();
    var crossing = new TreeSet<String>();
    for (Statement statement : statements()) {
      Set<String> touched =
          tables.stream()
              .filter(table -> statement.sql().matches("(?s).*\\b" + table + "\\b.*"))
              .collect(Collectors.toSet());
      if (touched.isEmpty()) {
        continue;
      }
      // The row of a user is keyed by its id.
      boolean named = touched.equals(Set.of("users")) || USER.matcher(statement.sql()).find();
      boolean bound =
          BOUND.matcher(statement.sql()).find()
              || (touched.equals(Set.of("users")) && statement.sql().contains(":id"));
      if (!named || !bound) {
        crossing.add(statement.name());
      }
    }

    assertThat(tables).contains("tasks", "messages", "event_logs");
    assertThat(crossing).isEqualTo(Deliberate.names("Statements that cross users"));
  }

  @Test
  void java_passes_no_present_time_into_sql() throws IOException {
    assertThat(statements())
        .allSatisfy(statement ->
            assertThat(statement.sql().replaceAll("artel_now\\(\\)", ""))
                .as(statement.name())
                .doesNotContainPattern(
                    "(?i)\\bnow\\(\\)|current_timestamp|clock_timestamp|:now\\b"));
  }

  private static Set<String> tenantTables() throws IOException {
    var tables = new TreeSet<String>();
    try (var files = Files.list(MIGRATIONS)) {
      for (Path file : files.toList()) {
        PROTECTED.matcher(Files.readString(file)).results().forEach(m -> tables.add(m.group(1)));
      }
    }
    return tables;
  }

  private static List<Statement> statements() throws IOException {
    var statements = new ArrayList<Statement>();
    try (var files = Files.walk(SOURCES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        String type = file.getFileName().toString().replace(".java", "");
        Matcher text = TEXT.matcher(source);
        while (text.find()) {
          String sql = text.group(1) == null ? text.group(2) : text.group(1);
          if (STATEMENT.matcher(sql).matches()) {
            statements.add(
                new Statement(
                    type + "." + place(source, text.start()), sql + pieces(source, text.end())));
          }
        }
      }
    }
    return statements;
  }

  /// The constants of the same file that the statement is put together with.
  private static String pieces(String source, int end) {
    int stop = Math.min(end + PIECES_CHARS, source.length());
    String after =
        source.substring(end, stop).split(";|\\.param\\(|\\.query\\(|\\.update\\(", 2)[0];
    var pieces = new StringBuilder();
    Matcher name = CONSTANT_NAME.matcher(after);
    while (name.find()) {
      Matcher text =
          Pattern.compile(
                  "static final String " + name.group() + "\\s*=\\s*\"\"\"(.*?)\"\"\"",
                  Pattern.DOTALL)
              .matcher(source);
      if (text.find()) {
        pieces.append(' ').append(text.group(1));
      }
    }
    return pieces.toString();
  }

  /// The constant that holds the statement, or the method that runs it.
  private static String place(String source, int offset) {
    Matcher constant = CONSTANT.matcher(source.substring(0, offset));
    if (constant.find()) {
      return constant.group(1);
    }
    String method = "?";
    Matcher declared = METHOD.matcher(source.substring(0, offset));
    while (declared.find()) {
      method = declared.group(1);
    }
    return method;
  }
}
