import { diffLines } from "diff";
import type { AgentConfigRequest } from "../api";
import { useWords } from "../i18n";
import styles from "./AgentScreen.module.css";

interface Side {
  name: string;
  config: AgentConfigRequest;
}

/** A configuration as lines that a person would compare; keys in one order, so that only real changes show. */
function linesOf({ name, config }: Side): string {
  const out: string[] = [`name: ${name}`];
  const walk = (value: unknown, path: string) => {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) out.push(`${path}: ${value.join(", ")}`);
    else if (typeof value === "object") {
      for (const [key, inner] of Object.entries(value).sort(([a], [b]) => a.localeCompare(b))) {
        walk(inner, path ? `${path}.${key}` : key);
      }
    } else if (typeof value === "string" && value.includes("\n")) {
      out.push(`${path}:`, ...value.split("\n").map((line) => `  ${line}`));
    } else out.push(`${path}: ${String(value)}`);
  };
  walk(config, "");
  return `${out.join("\n")}\n`;
}

export function ConfigDiff({ before, after, caption }: { before: Side; after: Side; caption: string }) {
  const words = useWords();
  const parts = diffLines(linesOf(before), linesOf(after));
  if (parts.every((part) => !part.added && !part.removed)) return <p>{words.noDifference}</p>;
  const rows = parts.flatMap((part) => {
    const kind = part.added ? "added" : part.removed ? "removed" : "same";
    const lines = part.value.replace(/\n$/, "").split("\n");
    // Long stretches that did not change would hide the ones that did.
    const shown =
      kind === "same" && lines.length > 6 ? [...lines.slice(0, 2), "⋯", ...lines.slice(-2)] : lines;
    return shown.map((line) => ({ kind, line }));
  });
  return (
    <div className={styles.diff} role="group" tabIndex={0} aria-label={caption}>
      <table>
        <caption className="visually-hidden">{caption}</caption>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index} data-kind={row.kind}>
              <td aria-hidden="true">{{ added: "+", removed: "−", same: "" }[row.kind]}</td>
              <td>
                {row.kind !== "same" && (
                  <span className="visually-hidden">
                    {row.kind === "added" ? words.diffAdded : words.diffRemoved}:{" "}
                  </span>
                )}
                {row.line}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
