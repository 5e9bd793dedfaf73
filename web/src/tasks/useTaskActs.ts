import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, isCode, must, newKey, problemText, type Task } from "../api";
import { useWords } from "../i18n";
import { useWorkWords } from "../i18n/work";
import { showToast } from "../ui";
import { workKeys } from "./workCache";

/** Cancelling and repeating. Both are carried out by the server and seen through the feed. */
export function useTaskActs(project: string) {
  const words = useWords();
  const work = useWorkWords();
  const client = useQueryClient();
  const [asked, setAsked] = useState<string | null>(null);

  const report = (error: unknown, conflict: string, task: Task) => {
    if (isCode(error, "CONFLICT")) {
      showToast({ text: conflict });
      // It was decided elsewhere: the page shows how.
      void client.invalidateQueries({ queryKey: workKeys.task(project, task.id) });
      void client.invalidateQueries({ queryKey: workKeys.tasks(project) });
    } else showToast({ text: problemText(error, words).text });
  };

  const cancel = async (task: Task) => {
    setAsked(task.id);
    try {
      const now = await must(
        api.POST("/my/projects/{project_id}/tasks/{task_id}/cancel", {
          params: { path: { project_id: project, task_id: task.id } },
          body: {},
        }),
      );
      if (now.status === "running") showToast({ text: work.cancelAsked });
    } catch (error) {
      setAsked(null);
      report(error, work.endedAlready, task);
    }
  };

  const retry = async (task: Task, then: (id: string) => void) => {
    try {
      const made = await must(
        api.POST("/my/projects/{project_id}/tasks/{task_id}/retry", {
          params: { path: { project_id: project, task_id: task.id } },
          headers: { "Idempotency-Key": newKey() },
        }),
      );
      showToast({ text: work.retried });
      await client.invalidateQueries({ queryKey: workKeys.tasks(project) });
      then(made.id);
    } catch (error) {
      report(error, work.cannotRetry, task);
    }
  };

  return { cancel, retry, cancelling: (task: Task) => asked === task.id };
}
