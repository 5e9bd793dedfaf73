import { ArrowDown, ArrowUp, Pencil, X } from "lucide-react";
import { useState } from "react";
import type { Message } from "../api";
import { useWords } from "../i18n";
import { Button, IconButton } from "../ui";
import styles from "./Queue.module.css";

interface Props {
  queue: readonly Message[];
  onEdit: (message: Message, content: string) => void;
  onDrop: (message: Message) => void;
  onMove: (message: Message, before: string) => void;
}

/** Messages that wait for the running answer: visible, and still the writer's to change. */
export function Queue({ queue, onEdit, onDrop, onMove }: Props) {
  const words = useWords();
  const [editing, setEditing] = useState<string | null>(null);
  if (queue.length === 0) return null;
  return (
    <section className={styles.queue} aria-label={words.queuedCount(queue.length)}>
      <h2 className={styles.title}>{words.queuedCount(queue.length)}</h2>
      <ol>
        {queue.map((message, index) => (
          <li key={message.id} className={styles.row}>
            {editing === message.id ? (
              <EditRow
                message={message}
                onDone={(content) => {
                  setEditing(null);
                  if (content !== null && content !== message.content) onEdit(message, content);
                }}
              />
            ) : (
              <>
                <span className={styles.text} dir="auto">
                  {message.content}
                </span>
                {index > 0 && (
                  <IconButton name={words.moveUp} onClick={() => onMove(message, queue[index - 1]!.id)}>
                    <ArrowUp size={14} />
                  </IconButton>
                )}
                {index < queue.length - 1 && (
                  <IconButton name={words.moveDown} onClick={() => onMove(queue[index + 1]!, message.id)}>
                    <ArrowDown size={14} />
                  </IconButton>
                )}
                <IconButton name={words.edit} onClick={() => setEditing(message.id)}>
                  <Pencil size={14} />
                </IconButton>
                <IconButton name={words.dropQueued} onClick={() => onDrop(message)}>
                  <X size={14} />
                </IconButton>
              </>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function EditRow({ message, onDone }: { message: Message; onDone: (content: string | null) => void }) {
  const words = useWords();
  const [text, setText] = useState(message.content);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) onDone(text.trim());
      }}
    >
      <textarea
        aria-label={words.composer}
        value={text}
        autoFocus
        rows={2}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            onDone(null);
          }
          if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            if (text.trim()) onDone(text.trim());
          }
        }}
      />
      <Button type="submit">{words.save}</Button>
    </form>
  );
}
