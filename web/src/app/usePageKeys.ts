import { useEffect, useRef } from "react";
import { signalChat } from "../chat";
import { prefs } from "../ui";

interface Acts {
  palette: () => void;
  newChat: () => void;
  keyList: () => void;
}

/** Keys that work on every page. Those without a modifier only outside fields, and only while they are switched on. */
export function usePageKeys(acts: Acts) {
  const latest = useRef(acts);
  latest.current = acts;
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const strong = event.ctrlKey || event.metaKey;
      const target = event.target as HTMLElement;
      const field = target.closest?.("input, textarea, select, [contenteditable]") !== null;
      const done = (act: () => void) => {
        event.preventDefault();
        act();
      };
      if (strong && !event.shiftKey && event.code === "KeyK") return done(latest.current.palette);
      if (strong && event.shiftKey && event.code === "KeyO") return done(latest.current.newChat);
      if (event.key === "F6") return done(() => nextRegion(event.shiftKey));
      if (document.querySelector("dialog[open], [popover]:popover-open:not([aria-hidden])")) return;
      if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
        return done(() => stepMessage(event.key === "ArrowUp" ? -1 : 1));
      }
      if (event.altKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
        const buttons = target
          .closest("[data-message]")
          ?.querySelectorAll<HTMLButtonElement>("[data-versions] button");
        const button = buttons?.[event.key === "ArrowLeft" ? 0 : 1];
        if (button && !button.disabled) done(() => button.click());
        return;
      }
      if (event.key === "Escape" && !field) return signalChat("stop");
      if (field || strong || event.altKey || !prefs().letterKeys) return;
      if (event.key === "?") return done(latest.current.keyList);
      if (event.code === "KeyJ" || event.code === "KeyK") stepRow(target, event.code === "KeyJ" ? 1 : -1);
    };
    document.addEventListener("keydown", down);
    return () => document.removeEventListener("keydown", down);
  }, []);
}

function nextRegion(back: boolean) {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter(
    (el) => el.offsetParent !== null,
  );
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + (back ? -1 : 1) + regions.length) % regions.length];
  const inside = next?.querySelector<HTMLElement>(
    "[data-region-focus], a[href], button:not(:disabled), textarea, input",
  );
  (inside ?? next)?.focus();
}

function stepMessage(step: number) {
  const messages = [...document.querySelectorAll<HTMLElement>("[data-message]")];
  const at = messages.findIndex((message) => message.contains(document.activeElement));
  const next = at < 0 ? (step < 0 ? messages.at(-1) : messages[0]) : messages[at + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function stepRow(from: HTMLElement, step: number) {
  const list =
    from.closest<HTMLElement>("[data-keylist]") ?? document.querySelector<HTMLElement>("[data-keylist]");
  const rows = [...(list?.querySelectorAll<HTMLElement>("a[href]") ?? [])];
  const at = rows.indexOf(from);
  (at < 0 ? rows[0] : rows[at + step])?.focus();
}
