import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useLocation, useSearch } from "wouter";
import {
  type Agent,
  type AgentConfigRequest,
  ApiError,
  api,
  isCode,
  must,
  mustTagged,
  newKey,
  problemText,
} from "../api";
import { keys } from "../feed";
import { useWords } from "../i18n";
import { useWorkWords } from "../i18n/work";
import { AgentWork } from "../tasks";
import { Button, Dialog, Empty, Problem, Skeleton, showToast } from "../ui";
import { AgentMark, AgentState, useAgents } from "./AgentBits";
import { type AgentDraft, AgentForm, blankDraft, draftOf, sameDraft } from "./AgentForm";
import { AgentHealth } from "./AgentHealth";
import { AgentList } from "./AgentList";
import styles from "./AgentScreen.module.css";
import { AgentTable } from "./AgentTable";
import { ConfigDiff } from "./ConfigDiff";
import { DeleteAgentDialog } from "./DeleteAgentDialog";
import { Versions } from "./Versions";

export { AgentList };

export default function AgentsScreen({ project, agent: id }: { project: string; agent: string | null }) {
  const words = useWords();
  const { query, agents, hues } = useAgents(project);
  if (id === "new") return <NewAgent project={project} />;
  if (query.isError && !query.data)
    return (
      <div className={styles.page}>
        <Problem problem={problemText(query.error, words, "agents")} onRetry={() => query.refetch()} />
      </div>
    );
  if (id === null)
    return <NoneChosen project={project} agents={query.isSuccess ? agents : null} hues={hues} />;
  const agent = agents.find((other) => other.id === id);
  if (query.isPending) return <Skeleton lines={10} />;
  if (!agent) return <Empty>{words.errors.NOT_FOUND}</Empty>;
  return <OneAgent key={agent.id} project={project} agent={agent} hues={hues} />;
}

/** Where the list has no pane of its own, it is what this screen shows. */
function NoneChosen({
  project,
  agents,
  hues,
}: {
  project: string;
  agents: readonly Agent[] | null;
  hues: ReadonlyMap<string, number>;
}) {
  const words = useWords();
  return (
    <>
      <div className={`${styles.page} ${styles.wide}`}>
        <h2 className={styles.title}>{words.agents}</h2>
        {agents === null ? (
          <Skeleton lines={5} />
        ) : agents.length === 0 ? (
          <p className={styles.meta}>{words.noAgents}</p>
        ) : (
          <>
            <AgentTable project={project} agents={agents} hues={hues} />
            <p className={styles.meta}>{words.chooseAgent}</p>
          </>
        )}
      </div>
      <div className={styles.narrow}>
        <AgentList project={project} current={null} />
      </div>
    </>
  );
}

function NewAgent({ project }: { project: string }) {
  const words = useWords();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [draft, setDraft] = useState<AgentDraft>(blankDraft);
  const [error, setError] = useState<unknown>(null);
  const [key] = useState(newKey);
  const create = async (name: string, config: AgentConfigRequest) => {
    setError(null);
    try {
      const made = await must(
        api.POST("/my/projects/{project_id}/agents", {
          params: { path: { project_id: project } },
          headers: { "Idempotency-Key": key },
          body: { name, config },
        }),
      );
      await client.invalidateQueries({ queryKey: keys.agents(project) });
      showToast({ text: words.agentCreated(made.name) });
      navigate(`/p/${project}/agents/${made.id}`);
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <div className={styles.page}>
      <h2 className={styles.title}>{words.newAgent}</h2>
      <AgentForm
        draft={draft}
        onChange={setDraft}
        error={error}
        onSave={create}
        saveWord={words.create}
        dirty
      />
    </div>
  );
}

/** What the server holds now, against what the person is about to save. */
interface Conflict {
  theirs: Agent;
  name: string;
  config: AgentConfigRequest;
}

function OneAgent({
  project,
  agent,
  hues,
}: {
  project: string;
  agent: Agent;
  hues: ReadonlyMap<string, number>;
}) {
  const words = useWords();
  const work = useWorkWords();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const tab = new URLSearchParams(useSearch()).get("tab") ?? "profile";
  const [base, setBase] = useState(agent);
  const [draft, setDraft] = useState<AgentDraft>(() => draftOf(agent));
  const [error, setError] = useState<unknown>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [deleting, setDeleting] = useState(false);
  const dirty = !sameDraft(draft, draftOf(base));

  // Without changes of one's own the form follows what others save.
  useEffect(() => {
    if (agent.version === base.version || dirty) return;
    setBase(agent);
    setDraft(draftOf(agent));
  }, [agent, base.version, dirty]);

  const save = async (name: string, config: AgentConfigRequest, version: number) => {
    setError(null);
    try {
      const { body: saved } = await mustTagged(
        api.PUT("/my/projects/{project_id}/agents/{agent_id}", {
          params: {
            path: { project_id: project, agent_id: agent.id },
            header: { "If-Match": `"v${version}"` },
          },
          body: { name, config },
        }),
      );
      setBase(saved);
      setDraft(draftOf(saved));
      setConflict(null);
      await client.invalidateQueries({ queryKey: keys.agents(project) });
      await client.invalidateQueries({ queryKey: ["agent-versions", project, agent.id] });
      showToast({ text: words.agentSaved(saved.name) });
    } catch (caught) {
      if (isCode(caught, "PRECONDITION_FAILED")) {
        const theirs = await must(
          api.GET("/my/projects/{project_id}/agents/{agent_id}", {
            params: { path: { project_id: project, agent_id: agent.id } },
          }),
        );
        setConflict({ theirs, name, config });
      } else setError(caught);
    }
  };

  const tabs = [
    ["profile", words.profile],
    ["versions", words.versions],
    ["work", work.work],
    ["health", words.health],
  ] as const;
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <AgentMark id={agent.id} name={agent.name} hues={hues} large />
        <h2 className={styles.title}>{agent.name}</h2>
        <AgentState agent={agent} />
        <span className={styles.meta}>{words.version(agent.version)}</span>
        <span className={styles.acts}>
          <Button onClick={() => navigate(`/p/${project}/chat?to=${agent.id}`)}>
            {words.writeTo(agent.name)}
          </Button>
          <Button look="quiet" className={styles.delete} onClick={() => setDeleting(true)}>
            {words.delete}
          </Button>
        </span>
      </header>
      {agent.last_error && agent.status === "error" && <Problem problem={{ text: agent.last_error }} />}
      <nav className={styles.tabs} aria-label={agent.name}>
        {tabs.map(([key, title]) => (
          <button
            key={key}
            type="button"
            aria-current={tab === key ? "true" : undefined}
            onClick={() =>
              navigate(`/p/${project}/agents/${agent.id}${key === "profile" ? "" : `?tab=${key}`}`)
            }
          >
            {title}
          </button>
        ))}
      </nav>
      {tab === "versions" ? (
        <Versions project={project} agent={agent} />
      ) : tab === "work" ? (
        <AgentWork project={project} agent={agent} />
      ) : tab === "health" ? (
        <AgentHealth project={project} agent={agent} />
      ) : (
        <AgentForm
          draft={draft}
          base={base.config}
          onChange={setDraft}
          error={error}
          dirty={dirty}
          saveWord={words.save}
          onSave={(name, config) => void save(name, config, base.version)}
          onReset={() => setDraft(draftOf(base))}
        />
      )}
      {conflict && (
        <Dialog
          wide
          title={words.conflictTitle}
          onClose={() => setConflict(null)}
          footer={
            <>
              <Button
                onClick={() => {
                  setBase(conflict.theirs);
                  setDraft(draftOf(conflict.theirs));
                  setConflict(null);
                }}
              >
                {words.takeTheirs}
              </Button>
              <Button
                look="filled"
                onClick={() => void save(conflict.name, conflict.config, conflict.theirs.version)}
              >
                {words.saveAnyway}
              </Button>
            </>
          }
        >
          <p>{words.conflictLead}</p>
          <ConfigDiff
            before={{ name: conflict.theirs.name, config: conflict.theirs.config }}
            after={{ name: conflict.name, config: conflict.config }}
            caption={words.conflictTitle}
          />
        </Dialog>
      )}
      {deleting && (
        <DeleteAgentDialog
          project={project}
          agent={agent}
          onClose={() => setDeleting(false)}
          onDone={() => navigate(`/p/${project}/agents`)}
        />
      )}
      {error instanceof ApiError && error.status === 404 && <Problem problem={problemText(error, words)} />}
    </div>
  );
}
