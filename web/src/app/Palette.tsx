import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { agentsQuery, projectsQuery, sessionsQuery } from "../feed";
import { useWords } from "../i18n";
import { Listbox, type Option, optionId, setPrefs } from "../ui";
import styles from "./Palette.module.css";
import { queryClient } from "./services";

interface Props {
  project: string | null;
  session: string | null;
  navigate: (to: string) => void;
  onKeys: () => void;
  onFind: () => void;
  onRename: () => void;
  onClose: () => void;
}

interface Entry extends Option {
  run: () => void;
}

/** Everything that can be gone to or done, by typing a part of its name. */
export function Palette({ project, session, navigate, onKeys, onFind, onRename, onClose }: Props) {
  const words = useWords();
  const list = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const projects = useQuery(projectsQuery);
  const agents = useQuery({ ...agentsQuery(project ?? ""), enabled: project !== null });

  useEffect(() => {
    const opener = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    return () => opener?.focus?.();
  }, []);

  const sessions = project
    ? (queryClient.getQueryData(sessionsQuery(project, false).queryKey)?.pages.flatMap((page) => page.rows) ??
      [])
    : [];
  const go = (to: string) => () => navigate(to);
  const entries: Entry[] = [
    ...(project
      ? [
          {
            id: "new",
            label: words.cmdNew,
            group: words.act,
            hint: <kbd>Ctrl Shift O</kbd>,
            run: go(`/p/${project}/chat`),
          },
          ...(session
            ? [
                { id: "find", label: words.cmdFind, group: words.act, run: onFind },
                { id: "rename", label: words.cmdRename, group: words.act, run: onRename },
              ]
            : []),
        ]
      : []),
    { id: "theme", label: words.cmdTheme, group: words.act, run: switchTheme },
    { id: "keys", label: words.cmdKeys, group: words.act, hint: <kbd>?</kbd>, run: onKeys },
    ...(project
      ? [
          { id: "agents", label: words.navAgents, group: words.goTo, run: go(`/p/${project}/agents`) },
          { id: "tasks", label: words.navTasks, group: words.goTo, run: go(`/p/${project}/tasks`) },
          { id: "usage", label: words.navUsage, group: words.goTo, run: go(`/p/${project}/usage`) },
        ]
      : []),
    { id: "search", label: words.cmdSearch, group: words.goTo, run: go("/search") },
    { id: "settings", label: words.navSettings, group: words.goTo, run: go("/settings/account") },
    ...sessions.map((row) => ({
      id: row.id,
      label: row.title ?? words.untitled,
      group: words.sessions,
      run: go(`/p/${project}/chat/${row.id}`),
    })),
    ...(agents.data ?? []).map((agent) => ({
      id: agent.id,
      label: agent.name,
      group: words.agents,
      run: go(`/p/${project}/agents/${agent.id}`),
    })),
    ...(projects.data ?? [])
      .filter((other) => other.id !== project)
      .map((other) => ({
        id: other.id,
        label: other.name,
        group: words.projects,
        run: go(`/p/${other.id}/chat`),
      })),
  ];
  const wanted = text.trim().toLocaleLowerCase();
  const shown = entries.filter((entry) =>
    wanted.split(/\s+/).every((part) => entry.label.toLocaleLowerCase().includes(part)),
  );

  const pick = (index: number) => {
    const entry = shown[index];
    if (!entry) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length > 0) {
      event.preventDefault();
      setActive((active + step + shown.length) % shown.length);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      pick(active);
    }
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself
    <dialog
      ref={dialog}
      className={styles.palette}
      aria-label={words.palette}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <input
        className={styles.field}
        role="combobox"
        aria-label={words.palette}
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={shown.length > 0 ? optionId(list, active) : undefined}
        placeholder={words.palettePlaceholder}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      {shown.length > 0 ? (
        <Listbox
          id={list}
          label={words.palette}
          options={shown}
          active={active}
          onHover={setActive}
          onPick={pick}
        />
      ) : (
        <p className={styles.none}>{words.nothingFound}</p>
      )}
    </dialog>
  );
}

function switchTheme() {
  const dark =
    getComputedStyle(document.documentElement).colorScheme === "dark" ||
    (document.documentElement.dataset.theme === undefined &&
      matchMedia("(prefers-color-scheme: dark)").matches);
  setPrefs({ theme: dark ? "light" : "dark" });
}
