import styles from "./Mark.module.css";

/** The two letters and the hue by which an agent is known on every screen. Hue 0 is the person. */
export function Mark({ name, hue, large }: { name: string; hue: number; large?: boolean }) {
  return (
    <span aria-hidden="true" className={`${styles.mark} ${large ? styles.large : ""}`} data-hue={hue}>
      {letters(name)}
    </span>
  );
}

function letters(name: string): string {
  const parts = name.split(/[\s_-]+/).filter(Boolean);
  const first = parts.length > 1 && /^agent$/i.test(parts[0] ?? "") ? parts[1]! : (parts[0] ?? "?");
  const [a = "?", b = ""] = [...first];
  return a.toLocaleUpperCase() + b.toLocaleLowerCase();
}
