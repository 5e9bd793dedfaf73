import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { type Project, problemText, type SearchHit, searchQuery } from "../api";
import { formatDateTime, useWords } from "../i18n";
import { Button, Empty, Problem, Skeleton } from "../ui";
import styles from "./Search.module.css";

const pauseMillis = 250;

export default function SearchScreen({ projects }: { projects: readonly Project[] }) {
  const words = useWords();
  const [, navigate] = useLocation();
  const params = new URLSearchParams(useSearch());
  const wanted = params.get("q") ?? "";
  const project = params.get("project");
  const [text, setText] = useState(wanted);
  const [offset, setOffset] = useState(0);
  const query = useQuery({ ...searchQuery(wanted, project, offset), staleTime: 0 });

  // The address follows the field a moment later, so that it can be kept and sent.
  const address = (q: string, p: string | null) => {
    const next = new URLSearchParams({ ...(q ? { q } : {}), ...(p ? { project: p } : {}) }).toString();
    navigate(next ? `/search?${next}` : "/search", { replace: true });
    setOffset(0);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the pause
  useEffect(() => {
    if (text === wanted) return;
    const timer = window.setTimeout(() => address(text, project), pauseMillis);
    return () => window.clearTimeout(timer);
  }, [text]);

  return (
    <div className={styles.page}>
      <h2 className={styles.title}>{words.search}</h2>
      <search className={styles.fields}>
        <input
          type="search"
          aria-label={words.searchPlaceholder}
          placeholder={words.searchPlaceholder}
          maxLength={200}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === "Enter" && address(text, project)}
        />
        <select
          aria-label={words.project}
          value={project ?? ""}
          onChange={(event) => address(text, event.target.value || null)}
        >
          <option value="">{words.allProjects}</option>
          {projects.map((other) => (
            <option key={other.id} value={other.id}>
              {other.name}
            </option>
          ))}
        </select>
      </search>
      {wanted.trim().length < 2 ? (
        <Empty>{wanted ? words.searchShort : words.searchLead}</Empty>
      ) : query.isPending ? (
        <Skeleton />
      ) : query.isError ? (
        <Problem problem={problemText(query.error, words, "search")} onRetry={() => query.refetch()} />
      ) : query.data.results.length === 0 ? (
        <Empty>{words.searchNothing}</Empty>
      ) : (
        <>
          <p className={styles.count} role="status">
            {words.searchFound(query.data.total)}
          </p>
          <ul data-keylist>
            {query.data.results.map((hit) => (
              <Hit
                key={hit.message_id}
                hit={hit}
                project={projects.find((p) => p.id === hit.project_id)?.name ?? ""}
              />
            ))}
          </ul>
          <div className={styles.pages}>
            {offset > 0 && <Button onClick={() => setOffset(Math.max(0, offset - 50))}>{words.back}</Button>}
            {query.data.has_next && <Button onClick={() => setOffset(offset + 50)}>{words.loadMore}</Button>}
          </div>
        </>
      )}
    </div>
  );
}

function Hit({ hit, project }: { hit: SearchHit; project: string }) {
  const words = useWords();
  return (
    <li>
      <Link href={`/p/${hit.project_id}/chat/${hit.session_id}#m:${hit.message_id}`} className={styles.hit}>
        <span className={styles.where}>
          <strong>{hit.session_title ?? words.untitled}</strong> · {project} ·{" "}
          {hit.role === "user" ? words.you : hit.agent_name} ·{" "}
          <time dateTime={hit.timestamp}>{formatDateTime(words.locale, hit.timestamp)}</time>
        </span>
        <span className={styles.snippet} dir="auto">
          {marked(hit)}
        </span>
      </Link>
    </li>
  );
}

/** What Markdown writes beside the words says nothing in a line of text. */
function plain(text: string): string {
  return text
    .replace(/^\s*(?:```\w*|#{1,6}(?= )|>|[-+*](?= )|\|?[-:| ]{3,}$)/gm, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\*+|`+|~~|\|/g, "")
    .replace(/\s+/g, " ");
}

function marked({ snippet, highlights }: SearchHit) {
  const parts: React.ReactNode[] = [];
  let at = 0;
  for (const { start, length } of [...highlights].sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    parts.push(
      plain(snippet.slice(at, start)),
      <mark key={start}>{plain(snippet.slice(start, start + length))}</mark>,
    );
    at = start + length;
  }
  parts.push(plain(snippet.slice(at)));
  return parts;
}
