import { useEffect, useRef } from "react";
import styles from "./Tooltip.module.css";

/**
 * One tooltip for the page. Any element with `data-tip` shows it on hover and on keyboard focus; Escape hides it. The
 * text repeats the accessible name, so it is hidden from readers.
 */
export function TooltipLayer() {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    let timer = 0;
    let owner: Element | null = null;

    const hide = () => {
      window.clearTimeout(timer);
      owner = null;
      if (box.matches(":popover-open")) box.hidePopover();
    };
    const place = (target: Element) => {
      const { tip, keys } = (target as HTMLElement).dataset;
      if (!tip || !target.isConnected) return;
      box.textContent = tip;
      if (keys) {
        const kbd = document.createElement("kbd");
        kbd.textContent = keys;
        box.append(" ", kbd);
      }
      box.showPopover();
      const at = target.getBoundingClientRect();
      const own = box.getBoundingClientRect();
      const below = at.bottom + 6 + own.height < window.innerHeight;
      const left = Math.min(
        Math.max(4, at.left + at.width / 2 - own.width / 2),
        window.innerWidth - own.width - 4,
      );
      box.style.left = `${left}px`;
      box.style.top = `${below ? at.bottom + 6 : at.top - own.height - 6}px`;
    };
    const show = (event: Event, wait: number) => {
      const target = (event.target as Element | null)?.closest?.("[data-tip]") ?? null;
      if (target === owner) return;
      hide();
      if (!target) return;
      owner = target;
      timer = window.setTimeout(() => place(target), wait);
    };
    const over = (event: Event) => show(event, 400);
    const focus = (event: Event) => {
      if ((event.target as Element).matches?.(":focus-visible")) show(event, 0);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === "Escape") hide();
    };
    document.addEventListener("pointerover", over);
    document.addEventListener("focusin", focus);
    document.addEventListener("focusout", hide);
    document.addEventListener("pointerdown", hide);
    document.addEventListener("keydown", key);
    return () => {
      hide();
      document.removeEventListener("pointerover", over);
      document.removeEventListener("focusin", focus);
      document.removeEventListener("focusout", hide);
      document.removeEventListener("pointerdown", hide);
      document.removeEventListener("keydown", key);
    };
  }, []);
  return <div ref={ref} popover="manual" aria-hidden="true" className={styles.tip} />;
}
