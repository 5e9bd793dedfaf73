package dev.artel.agent;

import dev.artel.agent.AgentMetadata.OwnToolPolicy;
import dev.artel.protocol.AgentRole;
import dev.artel.protocol.ToolName;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which tools an agent may use, and which files it may write. Denied wins over allowed.
///
/// @param writable the paths that write_file and edit_file may touch; null: all
public record ToolPolicy(Set<ToolName> allowed, @Nullable Pattern writable) {
  private static final Set<ToolName> READING =
      EnumSet.of(ToolName.READ_FILE, ToolName.LIST_DIRECTORY, ToolName.SEARCH_FILES);
  private static final Set<ToolName> DESIGNING =
      EnumSet.of(
          ToolName.READ_FILE,
          ToolName.LIST_DIRECTORY,
          ToolName.SEARCH_FILES,
          ToolName.WRITE_FILE,
          ToolName.EDIT_FILE);
  private static final Pattern MARKDOWN = Pattern.compile("(?i).*\\.mdx?");

  public ToolPolicy {
    allowed = Set.copyOf(allowed);
  }

  /// The policy of a role.
  public static ToolPolicy of(AgentRole role) {
    return switch (role) {
      case ARCHITECT -> new ToolPolicy(DESIGNING, MARKDOWN);
      case ASK -> new ToolPolicy(READING, null);
      case ORCHESTRATOR -> new ToolPolicy(Set.of(), null);
      case CODE, DEBUG, CUSTOM -> new ToolPolicy(EnumSet.allOf(ToolName.class), null);
    };
  }

  static ToolPolicy of(AgentRole role, @Nullable OwnToolPolicy own) {
    ToolPolicy standard = of(role);
    if (own == null) {
      return standard;
    }
    Set<ToolName> allowed = EnumSet.noneOf(ToolName.class);
    List<ToolName> listed = own.allowedTools();
    allowed.addAll(listed == null ? standard.allowed : listed);
    List<ToolName> denied = own.deniedTools();
    if (denied != null) {
      denied.forEach(allowed::remove);
    }
    String regex = own.writeFilePathRegex();
    return new ToolPolicy(allowed, regex == null ? standard.writable : Pattern.compile(regex));
  }

  public boolean allows(ToolName tool) {
    return allowed.contains(tool);
  }

  /// Whether a file at this path of the workspace may be written or edited.
  public boolean allowsWriting(String path) {
    return writable == null || writable.matcher(path).matches();
  }
}
