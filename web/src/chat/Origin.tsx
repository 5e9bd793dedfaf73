import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import type { Session } from "../api";
import { sessionQuery } from "../feed";
import { useWords } from "../i18n";

/** Where a branch comes from. The session may be gone; the branch has copies of its own. */
export function Origin({ project, from }: { project: string; from: NonNullable<Session["forked_from"]> }) {
  const words = useWords();
  const origin = useQuery(sessionQuery(project, from.session_id));
  const message = from.message_id ? `#m:${from.message_id}` : "";
  return (
    <span>
      {words.branchedFrom}{" "}
      {origin.isError ? (
        words.deletedKey
      ) : (
        <Link href={`/p/${project}/chat/${from.session_id}${message}`}>
          {origin.data?.title ?? words.untitled}
        </Link>
      )}
    </span>
  );
}
