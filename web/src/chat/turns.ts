import type { Message } from "../api";

export interface Turn {
  /** Stays the same from the optimistic row to the stored one. */
  key: string;
  user: Message | null;
  /** All wordings of the question, oldest first; one when it was never edited. */
  wordings: readonly Message[];
  /** Names the question across its wordings. */
  root: string;
  /** All answers to this wording, oldest first. */
  answers: readonly Message[];
  /** Lines of the system, or answers whose question is not loaded. */
  others: readonly Message[];
}

export interface Thread {
  turns: readonly Turn[];
  queue: readonly Message[];
  /** True while an earlier wording is chosen somewhere: what follows is what followed then. */
  earlier: boolean;
}

export type Choices = Readonly<Record<string, string>>;

/**
 * Turns what is stored, all versions of it, into one line to read. An edit supersedes the message and all later ones by
 * the new wording, so the messages with the same `superseded_by` are the branch that was left at that moment; choosing
 * an earlier wording shows that branch from there on.
 */
export function thread(rows: readonly Message[], choices: Choices): Thread {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const users = rows.filter((row) => row.role === "user");
  const wordings = grouped(users, (row) => rootOf(row, byId));
  const branches = grouped(users, (row) => row.superseded_by);
  const answers = grouped(
    rows.filter((row) => row.role === "assistant" && row.user_message_id && byId.has(row.user_message_id)),
    (row) => row.user_message_id as string,
  );

  const line: Message[] = [];
  let earlier = false;
  let rest: readonly Message[] = branches.get(null) ?? [];
  for (let at = 0; at < rest.length; at++) {
    const row = rest[at]!;
    const group = wordings.get(rootOf(row, byId)) ?? [row];
    const chosen = group.find((other) => other.id === choices[rootOf(row, byId)]);
    if (chosen && chosen.id !== row.id && !line.includes(chosen)) {
      const branch = branches.get(chosen.superseded_by) ?? [chosen];
      earlier ||= chosen.superseded_by !== null;
      line.push(chosen);
      rest = branch;
      at = branch.indexOf(chosen);
    } else line.push(row);
  }

  const processing = line.some((row) => row.status === "processing");
  const queue: Message[] = [];
  const turns: Turn[] = [];
  for (const user of line) {
    // The first waiting message of an idle session is about to be taken up: it is a turn, not a queue.
    if (
      user.status === "queued" &&
      (processing || turns.at(-1)?.user?.status === "queued" || queue.length > 0)
    ) {
      queue.push(user);
      continue;
    }
    const root = rootOf(user, byId);
    turns.push({
      key: user.id,
      user,
      root,
      wordings: wordings.get(root) ?? [user],
      answers: answers.get(user.id) ?? [],
      others: [],
    });
  }

  const loose = rows.filter(
    (row) =>
      row.role === "system" ||
      (row.role === "assistant" &&
        row.superseded_by === null &&
        !(row.user_message_id && byId.has(row.user_message_id))),
  );
  for (const row of loose) {
    const after = turns.findLastIndex((turn) => (turn.user ?? turn.others[0])!.timestamp <= row.timestamp);
    turns.splice(after + 1, 0, {
      key: row.id,
      user: null,
      root: row.id,
      wordings: [],
      answers: [],
      others: [row],
    });
  }
  return { turns, queue, earlier };
}

function grouped<K>(rows: readonly Message[], keyOf: (row: Message) => K): Map<K, Message[]> {
  const groups = new Map<K, Message[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

function rootOf(row: Message, byId: ReadonlyMap<string, Message>): string {
  let root = row;
  while (root.edited_from) {
    const before = byId.get(root.edited_from);
    if (!before) return root.edited_from;
    root = before;
  }
  return root.id;
}

export function linesOf(text: string): number {
  return text.split("\n").filter((line) => line.trim() !== "").length;
}
