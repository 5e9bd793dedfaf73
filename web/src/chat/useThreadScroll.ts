import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { prefs } from "../ui";

const lineHeight = 23;
const settleMillis = 500;

interface Options {
  scroller: RefObject<HTMLDivElement | null>;
  /** Everything that can grow: the history, and the turn at the end. */
  content: RefObject<HTMLDivElement | null>;
  last: RefObject<HTMLDivElement | null>;
  onNearTop: () => void;
  onAtEnd: () => void;
}

export type Target = "end" | "last" | (() => number | null);

/**
 * The view never moves by itself. It goes somewhere when the person opens a session, sends, or asks for the end; until
 * the heights around that place are known the aim is held, and any movement of the person ends it.
 */
export function useThreadScroll({ scroller, content, last, onNearTop, onAtEnd }: Options) {
  const aim = useRef<{ target: Target; until: number } | null>(null);
  const following = useRef(false);
  const lastTop = useRef(0);
  const [below, setBelow] = useState<number | null>(null);
  const callbacks = useRef({ onNearTop, onAtEnd });
  useLayoutEffect(() => {
    callbacks.current = { onNearTop, onAtEnd };
  });

  const place = useCallback(
    (target: Target) => {
      const view = scroller.current;
      if (!view) return;
      const end = endOf(last.current);
      const top =
        target === "end"
          ? Math.max(0, end - view.clientHeight + 16)
          : target === "last"
            ? (last.current?.offsetTop ?? 0)
            : target();
      if (top === null) return;
      view.scrollTop = top;
      lastTop.current = view.scrollTop;
    },
    [scroller, last],
  );

  const measure = useCallback(() => {
    const view = scroller.current;
    if (!view) return;
    const hidden = endOf(last.current) - (view.scrollTop + view.clientHeight);
    setBelow(hidden > 24 ? Math.round(hidden / lineHeight) : null);
    if (hidden <= 24) callbacks.current.onAtEnd();
    if (view.scrollTop < 800) callbacks.current.onNearTop();
  }, [scroller, last]);

  const go = useCallback(
    (target: Target) => {
      aim.current = { target, until: performance.now() + settleMillis };
      place(target);
      measure();
    },
    [place, measure],
  );

  const follow = useCallback(() => {
    following.current = true;
    go("end");
  }, [go]);

  useEffect(() => {
    const view = scroller.current;
    const inner = content.current;
    if (!view || !inner) return;
    const grown = () => {
      const held = aim.current;
      if (held && performance.now() < held.until) place(held.target);
      else if (following.current) place("end");
      measure();
    };
    const letGo = () => {
      aim.current = null;
    };
    const scrolled = () => {
      // Up by any means, wheel, key, bar or finger, ends the following.
      if (view.scrollTop < lastTop.current - 2 && !(aim.current && performance.now() < aim.current.until)) {
        following.current = false;
      }
      lastTop.current = view.scrollTop;
      measure();
    };
    const wheel = (event: WheelEvent) => {
      letGo();
      if (event.deltaY < 0) following.current = false;
    };
    const watch = new ResizeObserver(grown);
    watch.observe(inner);
    watch.observe(view);
    view.addEventListener("scroll", scrolled, { passive: true });
    view.addEventListener("wheel", wheel, { passive: true });
    view.addEventListener("touchmove", letGo, { passive: true });
    view.addEventListener("keydown", letGo);
    view.addEventListener("pointerdown", letGo);
    return () => {
      watch.disconnect();
      view.removeEventListener("scroll", scrolled);
      view.removeEventListener("wheel", wheel);
      view.removeEventListener("touchmove", letGo);
      view.removeEventListener("keydown", letGo);
      view.removeEventListener("pointerdown", letGo);
    };
  }, [scroller, content, place, measure]);

  /** The new question goes to the top, the answer grows into the free space below it. */
  const raise = useCallback(() => {
    following.current = prefs().followAnswers;
    go("last");
  }, [go]);

  return { below, go, follow, raise, measure };
}

/** Where the text ends; the free space that is kept below a running answer does not count. */
function endOf(last: HTMLElement | null): number {
  const inner = last?.firstElementChild as HTMLElement | null;
  if (!last || !inner) return last?.offsetTop ?? 0;
  return inner.offsetTop + inner.offsetHeight;
}
