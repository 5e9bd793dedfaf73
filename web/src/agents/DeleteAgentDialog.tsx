import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Agent, api, must, problemText } from "../api";
import { keys } from "../feed";
import { useWords } from "../i18n";
import { Button, Dialog, Problem, showToast, TextField } from "../ui";

interface Props {
  project: string;
  agent: Agent;
  onClose: () => void;
  onDone: () => void;
}

export function DeleteAgentDialog({ project, agent, onClose, onDone }: Props) {
  const words = useWords();
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<unknown>(null);
  return (
    <Dialog
      title={words.deleteAgent}
      onClose={onClose}
      onSubmit={async () => {
        if (typed.trim() !== agent.name) return;
        try {
          await must(
            api.DELETE("/my/projects/{project_id}/agents/{agent_id}", {
              params: { path: { project_id: project, agent_id: agent.id } },
            }),
          );
          onDone();
          await client.invalidateQueries({ queryKey: keys.agents(project) });
          showToast({ text: words.agentDeleted(agent.name) });
        } catch (caught) {
          setError(caught);
        }
      }}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button look="danger" type="submit" disabled={typed.trim() !== agent.name}>
            {words.delete}
          </Button>
        </>
      }
    >
      <p>{words.deleteAgentLoss}</p>
      <TextField
        label={words.typeName(agent.name)}
        value={typed}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
      />
      {error !== null && <Problem problem={problemText(error, words)} />}
    </Dialog>
  );
}
