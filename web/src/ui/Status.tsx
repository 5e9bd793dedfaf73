import styles from "./Status.module.css";

export type Tone = "ok" | "busy" | "danger" | "wait" | "off";

/** State is always a shape and a word; the colour only repeats it. */
export function Status({ tone, children, title }: { tone: Tone; children: string; title?: string }) {
  return (
    <span className={styles.status} data-tone={tone} title={title}>
      <Shape tone={tone} />
      {children}
    </span>
  );
}

export function Shape({ tone }: { tone: Tone }) {
  return (
    <svg
      viewBox="0 0 10 10"
      width="10"
      height="10"
      aria-hidden="true"
      className={styles.shape}
      data-tone={tone}
    >
      {tone === "ok" && <circle cx="5" cy="5" r="4" fill="currentColor" />}
      {tone === "busy" && (
        <>
          <circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" />
          <path d="M5 1.5a3.5 3.5 0 0 1 0 7z" fill="currentColor" />
        </>
      )}
      {tone === "danger" && <path d="M1.5 1.5l7 7m0-7l-7 7" stroke="currentColor" strokeWidth="2" />}
      {tone === "wait" && <path d="M5 1l4 8H1z" fill="currentColor" />}
      {tone === "off" && <circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" />}
    </svg>
  );
}
