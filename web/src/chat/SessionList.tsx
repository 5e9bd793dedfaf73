import { useInfiniteQuery } from "@tanstack/react-query";
import { Archive, ArchiveRestore, MoreHorizontal, Pencil, Pin, PinOff, Plus, Trash2 } from "lucide-react";
import { useEffect, useReducer, useState } from "react";
import { Link, useLocation } from "wouter";
import { problemText, type Session } from "../api";
import { sessionsQuery } from "../feed";
import { dayGroup, useWords } from "../i18n";
import { Button, Empty, IconButton, Menu, Problem, RenameDialog, Shape, Skeleton } from "../ui";
import { lastRead } from "./drafts";
import styles from "./SessionList.module.css";
import { useSessionActs } from "./useSessionActs";

interface Props {
  project: string;
  current: string | null;
  onNavigate?: () => void;
}

export function SessionList({ project, current, onNavigate }: Props) {
  const words = useWords();
  const [, navigate] = useLocation();
  const [archived, setArchived] = useState(false);
  const [filter, setFilter] = useState("");
  const [renaming, setRenaming] = useState<Session | null>(null);
  const query = useInfiniteQuery(sessionsQuery(project, archived));
  const acts = useSessionActs(project);
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const changed = (event: StorageEvent) => event.key?.startsWith("artel.read.") && redraw();
    window.addEventListener("storage", changed);
    return () => window.removeEventListener("storage", changed);
  }, []);

  const wanted = filter.trim().toLocaleLowerCase();
  const rows = (query.data?.pages.flatMap((page) => page.rows) ?? []).filter(
    (row) => !acts.hidden.has(row.id) && (!wanted || (row.title ?? "").toLocaleLowerCase().includes(wanted)),
  );
  const now = new Date();
  const groups: { title: string; rows: Session[] }[] = [];
  for (const row of [...rows].sort(byPinAndTime)) {
    const title = row.pinned ? words.pinned : dayGroup(words, row.last_message_at ?? row.created_at, now);
    const group = groups.at(-1);
    if (group?.title === title) group.rows.push(row);
    else groups.push({ title, rows: [row] });
  }

  const remove = (row: Session) => {
    acts.remove(row);
    if (row.id === current) navigate(`/p/${project}/chat`);
  };

  return (
    <div className={styles.pane}>
      <div className={styles.top}>
        <input
          type="search"
          className={styles.filter}
          aria-label={words.filterSessions}
          placeholder={archived ? words.archived : words.filterSessions}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <IconButton
          name={words.newSession}
          keys="Ctrl Shift O"
          onClick={() => {
            navigate(`/p/${project}/chat`);
            onNavigate?.();
          }}
        >
          <Plus size={16} />
        </IconButton>
      </div>
      <div className={`${styles.rows} quiet-scroll`} data-keylist>
        {query.isPending && <Skeleton lines={8} />}
        {query.isError && !query.data && (
          <Problem problem={problemText(query.error, words, "sessions")} onRetry={() => query.refetch()} />
        )}
        {query.isSuccess && rows.length === 0 && (
          <Empty>{wanted ? words.noSessionsFound : archived ? words.noArchived : words.noSessions}</Empty>
        )}
        {groups.map((group) => (
          <section key={group.title} aria-label={group.title}>
            <h2 className={styles.group}>{group.title}</h2>
            <ul>
              {group.rows.map((row) => (
                <Row
                  key={row.id}
                  row={row}
                  project={project}
                  current={row.id === current}
                  onOpen={onNavigate}
                  menu={[
                    { label: words.rename, icon: <Pencil size={14} />, onSelect: () => setRenaming(row) },
                    {
                      label: row.pinned ? words.unpin : words.pin,
                      icon: row.pinned ? <PinOff size={14} /> : <Pin size={14} />,
                      onSelect: () => acts.change(row, { pinned: !row.pinned }),
                    },
                    {
                      label: row.archived ? words.unarchive : words.archive,
                      icon: row.archived ? <ArchiveRestore size={14} /> : <Archive size={14} />,
                      onSelect: () => acts.archive(row),
                    },
                    "line",
                    {
                      label: words.delete,
                      icon: <Trash2 size={14} />,
                      danger: true,
                      onSelect: () => remove(row),
                    },
                  ]}
                />
              ))}
            </ul>
          </section>
        ))}
        {query.hasNextPage && (
          <Button look="quiet" onClick={() => query.fetchNextPage()} disabled={query.isFetchingNextPage}>
            {words.loadMore}
          </Button>
        )}
      </div>
      <div className={styles.bottom}>
        <Button look="quiet" onClick={() => setArchived(!archived)}>
          {archived ? words.hideArchive : words.showArchive}
        </Button>
      </div>
      {renaming && (
        <RenameDialog
          title={words.renameSession}
          label={words.sessionTitle}
          value={renaming.title ?? ""}
          max={200}
          onClose={() => setRenaming(null)}
          onSave={(title) => {
            acts.change(renaming, { title });
            setRenaming(null);
          }}
        />
      )}
    </div>
  );
}

function byPinAndTime(a: Session, b: Session): number {
  if (a.pinned !== b.pinned) return a.pinned ? -1 : 1;
  return (b.last_message_at ?? b.created_at).localeCompare(a.last_message_at ?? a.created_at);
}

interface RowProps {
  row: Session;
  project: string;
  current: boolean;
  onOpen?: () => void;
  menu: Parameters<typeof Menu>[0]["items"];
}

function Row({ row, project, current, onOpen, menu }: RowProps) {
  const words = useWords();
  const title = row.title ?? words.untitled;
  const read = lastRead(row.id);
  const unread = !current && row.state === "idle" && read !== null && (row.last_message_at ?? "") > read;
  return (
    <li className={styles.row} data-current={current || undefined}>
      <Link
        href={`/p/${project}/chat/${row.id}`}
        className={styles.link}
        aria-current={current ? "page" : undefined}
        title={row.preview ?? undefined}
        onClick={onOpen}
      >
        <span className={styles.title} data-unread={unread || undefined} dir="auto">
          {title}
        </span>
        {row.state === "running" && (
          <span className={styles.state}>
            <Shape tone="busy" />
            <span className="visually-hidden">{words.sessionRunning}</span>
          </span>
        )}
        {unread && (
          <span className={styles.dot}>
            <span className="visually-hidden">{words.sessionUnread}</span>
          </span>
        )}
      </Link>
      <Menu label={words.actsOf(title)} items={menu} className={styles.more} tip>
        <MoreHorizontal size={14} />
      </Menu>
    </li>
  );
}
