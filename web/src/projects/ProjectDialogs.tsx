import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, api, must, newKey, type Project, problemText } from "../api";
import { agentsQuery, keys, sessionsQuery } from "../feed";
import { useWords } from "../i18n";
import { Button, Choice, Dialog, Problem, RenameDialog, showToast, TextField } from "../ui";

type Pack = "roles" | "specialists" | "assistants";

export function NewProjectForm({ onDone }: { onDone: (project: Project) => void }) {
  const form = useNewProject(onDone);
  const words = useWords();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void form.submit();
      }}
      style={{ display: "grid", gap: "1rem", maxWidth: "28rem" }}
    >
      {form.fields}
      <div>
        <Button look="filled" type="submit" disabled={form.busy}>
          {words.create}
        </Button>
      </div>
    </form>
  );
}

export function NewProjectDialog({
  onClose,
  onDone,
}: {
  onClose: () => void;
  onDone: (project: Project) => void;
}) {
  const words = useWords();
  const form = useNewProject(onDone);
  return (
    <Dialog
      title={words.newProject}
      onClose={onClose}
      onSubmit={() => void form.submit()}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button look="filled" type="submit" disabled={form.busy}>
            {words.create}
          </Button>
        </>
      }
    >
      {form.fields}
    </Dialog>
  );
}

function useNewProject(onDone: (project: Project) => void) {
  const words = useWords();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [path, setPath] = useState("");
  const [pack, setPack] = useState<Pack>("roles");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [key] = useState(newKey);
  const fieldErrors = error instanceof ApiError ? error.fields : {};

  const submit = async () => {
    if (name.trim() === "") return setError(new LocalError());
    setBusy(true);
    setError(null);
    try {
      const project = await must(
        api.POST("/my/projects", {
          headers: { "Idempotency-Key": key },
          body: { name: name.trim(), workspace_path: path.trim() || null, starter_pack: pack },
        }),
      );
      await client.invalidateQueries({ queryKey: keys.projects });
      onDone(project);
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };

  const fields = (
    <>
      <TextField
        label={words.projectName}
        value={name}
        maxLength={255}
        data-autofocus
        onChange={(event) => setName(event.target.value)}
        error={error instanceof LocalError ? words.required : fieldErrors.name}
      />
      <TextField
        label={words.projectPath}
        hint={words.projectPathHint}
        value={path}
        maxLength={500}
        spellCheck={false}
        onChange={(event) => setPath(event.target.value)}
        error={fieldErrors.workspace_path}
      />
      <Choice
        label={words.pack}
        stacked
        value={pack}
        onChange={setPack}
        options={[
          { value: "roles", label: words.packRoles, hint: words.packRolesHint },
          { value: "specialists", label: words.packSpecialists, hint: words.packSpecialistsHint },
          { value: "assistants", label: words.packAssistants, hint: words.packAssistantsHint },
        ]}
      />
      {error !== null && !(error instanceof LocalError) && Object.keys(fieldErrors).length === 0 && (
        <Problem problem={problemText(error, words)} />
      )}
    </>
  );
  return { fields, submit, busy };
}

class LocalError extends Error {}

export function RenameProjectDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const words = useWords();
  const client = useQueryClient();
  const [error, setError] = useState<string | null>(null);
  return (
    <RenameDialog
      title={words.renameProject}
      label={words.projectName}
      value={project.name}
      max={255}
      error={error}
      onClose={onClose}
      onSave={async (name) => {
        try {
          await must(
            api.PUT("/my/projects/{project_id}", {
              params: { path: { project_id: project.id } },
              body: { name },
            }),
          );
          await client.invalidateQueries({ queryKey: keys.projects });
          onClose();
        } catch (caught) {
          setError(problemText(caught, words).text);
        }
      }}
    />
  );
}

/** The loss is named in numbers, and the name has to be typed: this cannot be taken back. */
export function DeleteProjectDialog({
  project,
  onClose,
  onDone,
}: {
  project: Project;
  onClose: () => void;
  onDone: () => void;
}) {
  const words = useWords();
  const client = useQueryClient();
  const agents = useQuery(agentsQuery(project.id));
  const current = useInfiniteQuery(sessionsQuery(project.id, false)).data?.pages[0]?.total;
  const archived = useInfiniteQuery(sessionsQuery(project.id, true)).data?.pages[0]?.total;
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<unknown>(null);
  const counted = agents.data !== undefined && current !== undefined && archived !== undefined;
  return (
    <Dialog
      title={words.deleteProject}
      onClose={onClose}
      onSubmit={async () => {
        if (typed.trim() !== project.name) return;
        try {
          await must(
            api.DELETE("/my/projects/{project_id}", { params: { path: { project_id: project.id } } }),
          );
          await client.invalidateQueries({ queryKey: keys.projects });
          showToast({ text: words.projectDeleted(project.name) });
          onDone();
        } catch (caught) {
          setError(caught);
        }
      }}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button look="danger" type="submit" disabled={!counted || typed.trim() !== project.name}>
            {words.delete}
          </Button>
        </>
      }
    >
      {/* What is lost is said in numbers, or not yet. */}
      <p>{counted ? words.deleteProjectLoss(agents.data.length, current + archived) : words.loading}</p>
      <TextField
        label={words.typeName(project.name)}
        value={typed}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
      />
      {error !== null && <Problem problem={problemText(error, words)} />}
    </Dialog>
  );
}
