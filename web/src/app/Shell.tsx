import {
  BarChart3,
  Command,
  ListChecks,
  MessageSquare,
  PanelLeft,
  Search,
  Settings,
  Users,
} from "lucide-react";
import { type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import type { Project } from "../api";
import { useWords } from "../i18n";
import { ProjectMenu } from "../projects";
import { IconButton, setPrefs, usePrefs } from "../ui";
import { ConnectionStrip, ConnectionWord } from "./ConnectionStrip";
import styles from "./Shell.module.css";
import { VersionStrip } from "./VersionStrip";

export interface Crumb {
  title: string;
  /** What a screen adds to the bar beside its title. */
  acts?: ReactNode;
}

interface Props {
  projects: readonly Project[];
  project: Project | null;
  /** The project of the screen; known from the address also while the list of projects is not. */
  shown: string | null;
  /** Asks for the list of projects again, when it could not be loaded. */
  onRetry: (() => void) | null;
  crumb: Crumb;
  list: ((close: () => void) => ReactNode) | null;
  listName: string;
  onPalette: () => void;
  children: ReactNode;
}

const mac = /Mac|iPhone|iPad/.test(navigator.platform);

/** The frame of every page: bar, rail, a list that folds or slides in, and the main part. */
export function Shell({
  projects,
  project,
  shown,
  onRetry,
  crumb,
  list,
  listName,
  onPalette,
  children,
}: Props) {
  const words = useWords();
  const [path] = useLocation();
  const { listFolded } = usePrefs();
  const [drawer, setDrawer] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const base = shown ? `/p/${shown}` : "";

  useEffect(() => {
    document.title = `${crumb.title} · Artel`;
  }, [crumb.title]);

  // A new page is announced by the focus on its heading; writing is never interrupted for it.
  const lastPath = useRef(path);
  useEffect(() => {
    if (lastPath.current === path) return;
    lastPath.current = path;
    setDrawer(false);
    if (!document.activeElement?.closest("#composer, dialog, [role=menu]")) heading.current?.focus();
  }, [path]);

  useEffect(() => {
    if (!drawer) return;
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && setDrawer(false);
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [drawer]);

  const sections = [
    { href: `${base}/chat`, name: words.navChat, icon: <MessageSquare size={18} />, needs: true },
    { href: `${base}/agents`, name: words.navAgents, icon: <Users size={18} />, needs: true },
    { href: `${base}/tasks`, name: words.navTasks, icon: <ListChecks size={18} />, needs: true },
    { href: `${base}/usage`, name: words.navUsage, icon: <BarChart3 size={18} />, needs: true },
    { href: "/search", name: words.navSearch, icon: <Search size={18} />, needs: false },
    { href: "/settings", name: words.navSettings, icon: <Settings size={18} />, needs: false },
  ].filter((section) => shown || !section.needs);

  const wide = () => matchMedia("(min-width: 1100px)").matches;
  return (
    <div
      className={styles.shell}
      data-list={list ? (listFolded ? "folded" : "open") : "none"}
      data-drawer={drawer || undefined}
    >
      <a className={styles.skip} href="#main">
        {words.skipToMain}
      </a>
      {path.includes("/chat") && (
        <button
          type="button"
          className={styles.skip}
          onClick={() => document.querySelector<HTMLElement>("#composer textarea")?.focus()}
        >
          {words.skipToComposer}
        </button>
      )}
      <header className={styles.bar} data-region>
        {list && (
          <IconButton
            name={listFolded ? words.showList : words.hideList}
            aria-expanded={wide() ? !listFolded : drawer}
            className={styles.fold}
            onClick={() => (wide() ? setPrefs({ listFolded: !listFolded }) : setDrawer(!drawer))}
          >
            <PanelLeft size={16} />
          </IconButton>
        )}
        <Link href="/" className={styles.brand} aria-label={words.appBar}>
          artel
        </Link>
        <span className={styles.slash} aria-hidden="true">
          /
        </span>
        <ProjectMenu projects={projects} current={project} onRetry={onRetry} className={styles.project} />
        <span className={styles.slash} aria-hidden="true">
          /
        </span>
        <span className={styles.crumb} dir="auto" aria-hidden="true">
          {crumb.title}
        </span>
        {crumb.acts}
        <span className={styles.right}>
          <ConnectionWord project={shown} />
          <button type="button" className={styles.command} onClick={onPalette}>
            <span className="visually-hidden">{words.palette} </span>
            <kbd>{mac ? "⌘ K" : "Ctrl K"}</kbd>
            <Command size={18} aria-hidden="true" />
          </button>
        </span>
      </header>
      <div className={styles.strips}>
        {shown && <ConnectionStrip project={shown} />}
        <VersionStrip />
      </div>
      <nav className={styles.rail} aria-label={words.navMain} data-region>
        {sections.map((section) => {
          const current = path === section.href || path.startsWith(`${section.href}/`);
          return (
            <Link
              key={section.href}
              href={section.href}
              className={styles.section}
              aria-current={current ? "page" : undefined}
              data-region-focus={current || undefined}
              data-tip-narrow={section.name}
            >
              {section.icon}
              <span>{section.name}</span>
            </Link>
          );
        })}
      </nav>
      {list && (
        <aside className={styles.list} aria-label={listName} data-region>
          <Suspense>{list(() => setDrawer(false))}</Suspense>
        </aside>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a click beside the drawer closes it; Escape does so too */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: see above */}
      {drawer && <div className={styles.shade} onClick={() => setDrawer(false)} />}
      <main id="main" className={styles.main} tabIndex={-1} data-region>
        <h1 ref={heading} tabIndex={-1} className="visually-hidden">
          {crumb.title}
        </h1>
        {children}
      </main>
    </div>
  );
}
