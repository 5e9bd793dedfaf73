import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import styles from "./Menu.module.css";

export interface MenuItem {
  label: string;
  icon?: ReactNode;
  keys?: string;
  danger?: boolean;
  current?: boolean;
  disabled?: boolean;
  onSelect: () => void;
}

interface Props {
  label: string;
  items: (MenuItem | "line")[];
  children: ReactNode;
  className?: string;
  tip?: boolean;
  align?: "start" | "end";
}

/** A button that opens a list of acts. The popover is the platform's: light dismissal, top layer, focus return. */
export function Menu({ label, items, children, className = "", tip, align = "end" }: Props) {
  const id = useId();
  const anchor = `--${id.replace(/[^a-zA-Z0-9]/g, "")}`;
  const menu = useRef<HTMLDivElement>(null);
  const buttons = () => [
    ...(menu.current?.querySelectorAll<HTMLButtonElement>("[role=menuitem]:not(:disabled)") ?? []),
  ];

  const onKeyDown = (event: KeyboardEvent) => {
    const list = buttons();
    const at = list.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + list.length, Home: 0, End: list.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      list[to % list.length]?.focus();
    } else if (event.key.length === 1 && event.key !== " ") {
      list
        .find((button) => button.textContent?.toLocaleLowerCase().startsWith(event.key.toLocaleLowerCase()))
        ?.focus();
    }
    event.stopPropagation();
  };

  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        aria-haspopup="menu"
        aria-label={tip ? label : undefined}
        data-tip={tip ? label : undefined}
        className={`${styles.trigger} ${className}`}
        style={{ anchorName: anchor } as object}
      >
        {children}
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className={`${styles.menu} ${styles[align]}`}
        style={{ positionAnchor: anchor } as object}
        onKeyDown={onKeyDown}
        onToggle={(event) => {
          if (event.newState === "open") {
            (menu.current?.querySelector<HTMLElement>("[aria-current=true]") ?? buttons()[0])?.focus();
          }
        }}
      >
        {items.map((item, index) =>
          item === "line" ? (
            <hr key={`line-${index}`} className={styles.line} />
          ) : (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              tabIndex={-1}
              disabled={item.disabled}
              aria-current={item.current || undefined}
              className={`${styles.item} ${item.danger ? styles.danger : ""}`}
              onClick={() => {
                menu.current?.hidePopover();
                item.onSelect();
              }}
            >
              <span className={styles.icon}>{item.icon}</span>
              <span className={styles.label}>{item.label}</span>
              {item.keys && <kbd>{item.keys}</kbd>}
            </button>
          ),
        )}
      </div>
    </>
  );
}
