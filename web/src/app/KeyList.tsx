import { useWords } from "../i18n";
import { Dialog, prefs } from "../ui";
import styles from "./KeyList.module.css";

export function KeyTable() {
  const words = useWords();
  const mac = /Mac|iPhone|iPad/.test(navigator.platform);
  const strong = mac ? "⌘" : "Ctrl";
  const rows: [string, string][] = [
    [`${strong} K`, words.keyPalette],
    [`${strong} Shift O`, words.keyNew],
    [prefs().enterSends ? "Enter" : `${strong} Enter`, words.keySend],
    [prefs().enterSends ? "Shift Enter" : "Enter", words.keyBreak],
    ["Esc", words.keyEsc],
    ["↑", words.keyEditLast],
    ["Alt ↑ ↓", words.keyMessages],
    ["Alt ← →", words.keyVersions],
    ["End", words.keyEnd],
    ["F6", words.keyRegions],
    ["j k", words.keyLists],
    ["?", words.keyHelp],
  ];
  return (
    <table className={styles.keys}>
      <tbody>
        {rows.map(([keys, what]) => (
          <tr key={what}>
            <th scope="row">
              <kbd>{keys}</kbd>
            </th>
            <td>{what}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function KeyListDialog({ onClose }: { onClose: () => void }) {
  const words = useWords();
  return (
    <Dialog title={words.keysTitle} onClose={onClose}>
      <KeyTable />
    </Dialog>
  );
}
