import { Link } from "wouter";
import { useWords } from "../i18n";
import styles from "./Settings.module.css";

/** The sections, in the list pane. */
export function SettingsSections({ path, onNavigate }: { path: string; onNavigate: () => void }) {
  const words = useWords();
  const sections = [
    ["account", words.account],
    ["models", words.models],
    ["look", words.look],
    ["keys", words.keysSection],
  ] as const;
  const current = path.split("/")[2] ?? "account";
  return (
    <ul className={styles.sections} data-keylist>
      {sections.map(([key, title]) => (
        <li key={key}>
          <Link
            href={`/settings/${key}`}
            aria-current={key === current ? "page" : undefined}
            onClick={onNavigate}
          >
            {title}
          </Link>
        </li>
      ))}
    </ul>
  );
}
