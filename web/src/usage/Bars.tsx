import { formatNumber, useWords } from "../i18n";
import styles from "./Usage.module.css";

interface Row {
  key: string;
  name: string;
  value: number;
}

/** A picture of the table below it; readers get the table. */
export function Bars({ rows, label, upright }: { rows: readonly Row[]; label: string; upright: boolean }) {
  const words = useWords();
  const most = Math.max(1, ...rows.map((row) => row.value));
  if (!upright) {
    return (
      <div className={styles.lying} role="img" aria-label={label}>
        {rows.map((row) => (
          <div key={row.key} className={styles.bar}>
            <span className={styles.barName}>{row.name}</span>
            <svg width="100%" height="12" preserveAspectRatio="none" viewBox="0 0 100 12" aria-hidden="true">
              <rect width={Math.max(0.5, (row.value / most) * 100)} height="12" />
            </svg>
            <span className={styles.barValue}>{formatNumber(words.locale, row.value)}</span>
          </div>
        ))}
      </div>
    );
  }
  const ordered = [...rows].sort((a, b) => a.key.localeCompare(b.key));
  const step = 100 / Math.max(ordered.length, 7);
  return (
    <figure className={styles.chart}>
      <svg
        width="100%"
        height="120"
        viewBox="0 0 100 120"
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        <line x1="0" x2="100" y1="119.5" y2="119.5" />
        {ordered.map((row, index) => {
          const height = Math.max(1, (row.value / most) * 112);
          return (
            <rect
              key={row.key}
              x={index * step + step * 0.15}
              width={step * 0.7}
              y={119 - height}
              height={height}
            >
              <title>{`${row.name}: ${formatNumber(words.locale, row.value)}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption>
        <span>{ordered[0]?.name}</span>
        <span>{ordered.length > 1 && ordered.at(-1)?.name}</span>
      </figcaption>
    </figure>
  );
}
