import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import styles from "./Field.module.css";

interface Common {
  label: string;
  hint?: ReactNode;
  error?: string | null;
}

function useField({ hint, error }: Omit<Common, "label">) {
  const id = useId();
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return { id, "aria-describedby": described || undefined, "aria-invalid": error ? true : undefined };
}

function Frame({ id, label, hint, error, children }: Common & { id: string; children: ReactNode }) {
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className={styles.error}>
          {error}
        </p>
      )}
    </div>
  );
}

export function TextField({ label, hint, error, ...rest }: Common & InputHTMLAttributes<HTMLInputElement>) {
  const field = useField({ hint, error });
  return (
    <Frame id={field.id} label={label} hint={hint} error={error}>
      <input className={styles.control} autoComplete="off" {...field} {...rest} />
    </Frame>
  );
}

export function TextArea({
  label,
  hint,
  error,
  ...rest
}: Common & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const field = useField({ hint, error });
  return (
    <Frame id={field.id} label={label} hint={hint} error={error}>
      <textarea className={`${styles.control} ${styles.area}`} {...field} {...rest} />
    </Frame>
  );
}

export function SelectField({
  label,
  hint,
  error,
  ...rest
}: Common & SelectHTMLAttributes<HTMLSelectElement>) {
  const field = useField({ hint, error });
  return (
    <Frame id={field.id} label={label} hint={hint} error={error}>
      <select className={styles.control} {...field} {...rest} />
    </Frame>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string; hint?: string }[];
  onChange: (value: T) => void;
  stacked?: boolean;
}

/** A few exclusive choices, all visible: native radio buttons under one legend. */
export function Choice<T extends string>({ label, value, options, onChange, stacked }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className={styles.choice}>
      <legend>{label}</legend>
      <div className={stacked ? styles.stacked : styles.options}>
        {options.map((option) => (
          <label key={option.value} className={styles.option}>
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>
              {option.label}
              {option.hint && <span className={styles.hint}>{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function Check({
  label,
  hint,
  checked,
  onChange,
}: {
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {label}
        {hint && <span className={styles.hint}>{hint}</span>}
      </span>
    </label>
  );
}
