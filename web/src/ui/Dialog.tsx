import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useWords } from "../i18n";
import { IconButton } from "./Button";
import styles from "./Dialog.module.css";

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
  wide?: boolean;
  /** A form: Enter in a field presses the button of type submit. */
  onSubmit?: () => void;
  /** False keeps the dialog until its question is answered (a session that ended). */
  closable?: boolean;
}

/** A modal question. Focus starts at the element with `data-autofocus`, else at the heading, never at the dangerous button. */
export function Dialog({ title, onClose, children, footer, wide, onSubmit, closable = true }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const words = useWords();

  useEffect(() => {
    const dialog = ref.current;
    if (!dialog || dialog.open) return;
    const opener = document.activeElement as HTMLElement | null;
    dialog.showModal();
    (
      dialog.querySelector<HTMLElement>("[data-autofocus]") ?? dialog.querySelector<HTMLElement>("h2")
    )?.focus();
    return () => {
      dialog.close();
      opener?.focus?.();
    };
  }, []);

  const content = (
    <>
      <header className={styles.head}>
        <h2 id={heading} tabIndex={-1}>
          {title}
        </h2>
        {closable && (
          <IconButton name={words.close} keys="Esc" onClick={onClose}>
            <X size={16} />
          </IconButton>
        )}
      </header>
      <div className={styles.body}>{children}</div>
      {footer && <footer className={styles.foot}>{footer}</footer>}
    </>
  );
  return (
    <dialog
      ref={ref}
      aria-labelledby={heading}
      className={`${styles.dialog} ${wide ? styles.wide : ""}`}
      onCancel={(event) => {
        event.preventDefault();
        if (closable) onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      {onSubmit ? (
        <form
          className={styles.frame}
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          {content}
        </form>
      ) : (
        <div className={styles.frame}>{content}</div>
      )}
    </dialog>
  );
}
