import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import styles from "./Button.module.css";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: "plain" | "filled" | "danger" | "quiet";
  ref?: Ref<HTMLButtonElement>;
  children: ReactNode;
}

export function Button({ look = "plain", className = "", type = "button", ...rest }: Props) {
  return <button type={type} className={`${styles.button} ${styles[look]} ${className}`} {...rest} />;
}

interface IconProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** The accessible name; also shown as the tooltip. */
  name: string;
  /** A key that does the same, shown in the tooltip. */
  keys?: string;
  ref?: Ref<HTMLButtonElement>;
  children: ReactNode;
}

export function IconButton({ name, keys, className = "", type = "button", ...rest }: IconProps) {
  return (
    <button
      type={type}
      aria-label={name}
      data-tip={name}
      data-keys={keys}
      className={`${styles.icon} ${className}`}
      {...rest}
    />
  );
}
