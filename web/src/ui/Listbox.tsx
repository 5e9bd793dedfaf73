import { type ReactNode, useEffect, useRef } from "react";
import styles from "./Listbox.module.css";

export interface Option {
  id: string;
  label: string;
  hint?: ReactNode;
  start?: ReactNode;
  group?: string;
}

interface Props {
  id: string;
  label: string;
  options: readonly Option[];
  active: number;
  onPick: (index: number) => void;
  onHover: (index: number) => void;
}

export const optionId = (list: string, index: number) => `${list}-${index}`;

/** The list under a field that keeps the focus: the field names the active option by `aria-activedescendant`. */
export function Listbox({ id, label, options, active, onPick, onHover }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    ref.current?.querySelector(`#${CSS.escape(optionId(id, active))}`)?.scrollIntoView({ block: "nearest" });
  }, [id, active]);
  return (
    <div ref={ref} id={id} role="listbox" aria-label={label} className={styles.list}>
      {options.map((option, index) => (
        <div key={option.id} role="presentation">
          {option.group && option.group !== options[index - 1]?.group && (
            <div role="presentation" className={styles.group}>
              {option.group}
            </div>
          )}
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the field that owns the list */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: options are reached by aria-activedescendant */}
          <div
            id={optionId(id, index)}
            role="option"
            aria-selected={index === active}
            className={styles.option}
            onPointerMove={() => index !== active && onHover(index)}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onPick(index)}
          >
            {option.start}
            <span className={styles.label}>{option.label}</span>
            {option.hint && <span className={styles.hint}>{option.hint}</span>}
          </div>
        </div>
      ))}
    </div>
  );
}
