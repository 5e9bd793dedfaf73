import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import {
  type Agent,
  type AgentConfig,
  type AgentConfigRequest,
  ApiError,
  modelsQuery,
  problemText,
  type ToolName,
} from "../api";
import { useWords } from "../i18n";
import { Button, Problem, SelectField, TextArea, TextField } from "../ui";
import styles from "./AgentScreen.module.css";

type Role = NonNullable<NonNullable<AgentConfig["metadata"]>["role"]>;
const roles: readonly Role[] = ["custom", "ask", "code", "debug", "architect", "orchestrator"];
const allTools: readonly ToolName[] = [
  "read_file",
  "write_file",
  "edit_file",
  "list_directory",
  "search_files",
  "execute_command",
];

export interface AgentDraft {
  name: string;
  prompt: string;
  model: string;
  role: Role;
  temperature: string;
  maxTokens: string;
  concurrency: string;
  capabilities: string;
  risk: "" | "LOW" | "MEDIUM" | "HIGH";
  tools: readonly ToolName[];
}

export const blankDraft: AgentDraft = {
  name: "",
  prompt: "",
  model: "",
  role: "custom",
  temperature: "0.7",
  maxTokens: "4096",
  concurrency: "3",
  capabilities: "",
  risk: "",
  tools: [],
};

export function draftOf({ name, config }: Pick<Agent, "name" | "config">): AgentDraft {
  const meta = config.metadata ?? {};
  return {
    name,
    prompt: config.system_prompt,
    model: config.model ?? "",
    role: meta.role ?? "custom",
    temperature: String(config.temperature ?? 0.7),
    maxTokens: String(config.max_tokens ?? 4096),
    concurrency: String(config.concurrency_limit ?? 3),
    capabilities: (meta.capabilities ?? []).join(", "),
    risk: meta.risk_level ?? "",
    tools: config.tools ?? [],
  };
}

export function sameDraft(a: AgentDraft, b: AgentDraft): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What the form shows, over what the agent already has: fields without a control are kept as they are. */
function configOf(draft: AgentDraft, base: AgentConfig | undefined): AgentConfigRequest {
  return {
    ...base,
    system_prompt: draft.prompt,
    ...(draft.model.trim() ? { model: draft.model.trim() } : {}),
    tools: [...draft.tools],
    temperature: Number(draft.temperature),
    max_tokens: Number(draft.maxTokens),
    concurrency_limit: Number(draft.concurrency),
    metadata: {
      ...base?.metadata,
      role: draft.role,
      capabilities: draft.capabilities
        .split(",")
        .map((word) => word.trim())
        .filter(Boolean),
      risk_level: draft.risk || null,
    },
  };
}

interface Props {
  draft: AgentDraft;
  base?: AgentConfig;
  onChange: (draft: AgentDraft) => void;
  error: unknown;
  dirty: boolean;
  saveWord: string;
  onSave: (name: string, config: AgentConfigRequest) => void;
  onReset?: () => void;
}

export function AgentForm({ draft, base, onChange, error, dirty, saveWord, onSave, onReset }: Props) {
  const words = useWords();
  const models = useQuery(modelsQuery);
  const list = useId();
  const set = (fields: Partial<AgentDraft>) => onChange({ ...draft, ...fields });
  const fields = error instanceof ApiError ? error.fields : {};
  const at = (...names: string[]) => names.map((name) => fields[name]).find(Boolean) ?? null;
  const taken = error instanceof ApiError && error.status === 409 ? words.nameTaken : null;
  const general = error !== null && Object.keys(fields).length === 0 && !taken;
  const tools = [...new Set([...allTools, ...draft.tools])];

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSave(draft.name.trim(), configOf(draft, base));
      }}
    >
      <div className={styles.pair}>
        <TextField
          label={words.agentName}
          hint={words.agentNameHint}
          required
          maxLength={100}
          value={draft.name}
          error={taken ?? at("name")}
          onChange={(event) => set({ name: event.target.value })}
        />
        <SelectField
          label={words.role}
          value={draft.role}
          error={at("config.metadata.role")}
          onChange={(event) => set({ role: event.target.value as Role })}
        >
          {roles.map((role) => (
            <option key={role} value={role}>
              {words.roles[role]}
            </option>
          ))}
        </SelectField>
      </div>
      <TextArea
        label={words.prompt}
        hint={words.promptHint}
        required
        rows={8}
        value={draft.prompt}
        error={at("config.system_prompt")}
        onChange={(event) => set({ prompt: event.target.value })}
      />
      <TextField
        label={words.model}
        hint={words.modelHint}
        list={list}
        spellCheck={false}
        placeholder={models.data ? `${models.data.default.provider}/${models.data.default.model}` : undefined}
        value={draft.model}
        error={at("config.model")}
        onChange={(event) => set({ model: event.target.value })}
      />
      <datalist id={list}>
        {models.data?.providers.flatMap((provider) =>
          provider.models.map((model) => (
            <option key={`${provider.id}/${model.name}`} value={`${provider.id}/${model.name}`} />
          )),
        )}
      </datalist>
      <div className={styles.triple}>
        <TextField
          label={words.temperature}
          hint={words.temperatureHint}
          type="number"
          min={0}
          max={2}
          step={0.05}
          required
          value={draft.temperature}
          error={at("config.temperature")}
          onChange={(event) => set({ temperature: event.target.value })}
        />
        <TextField
          label={words.maxTokens}
          type="number"
          min={1}
          max={128000}
          required
          value={draft.maxTokens}
          error={at("config.max_tokens")}
          onChange={(event) => set({ maxTokens: event.target.value })}
        />
        <TextField
          label={words.concurrency}
          hint={words.concurrencyHint}
          type="number"
          min={1}
          max={10}
          required
          value={draft.concurrency}
          error={at("config.concurrency_limit")}
          onChange={(event) => set({ concurrency: event.target.value })}
        />
      </div>
      <TextField
        label={words.capabilities}
        hint={words.capabilitiesHint}
        value={draft.capabilities}
        error={at("config.metadata.capabilities")}
        onChange={(event) => set({ capabilities: event.target.value })}
      />
      <fieldset className={styles.tools} aria-describedby="tools-hint">
        <legend>{words.tools}</legend>
        {tools.map((tool) => (
          <label key={tool}>
            <input
              type="checkbox"
              checked={draft.tools.includes(tool)}
              onChange={(event) =>
                set({
                  tools: event.target.checked
                    ? [...draft.tools, tool]
                    : draft.tools.filter((other) => other !== tool),
                })
              }
            />
            <code>{tool}</code>
          </label>
        ))}
        <p id="tools-hint">{words.toolsHint}</p>
      </fieldset>
      <SelectField
        label={words.risk}
        value={draft.risk}
        onChange={(event) => set({ risk: event.target.value as AgentDraft["risk"] })}
      >
        <option value="">{words.riskNone}</option>
        {(["LOW", "MEDIUM", "HIGH"] as const).map((level) => (
          <option key={level}>{level}</option>
        ))}
      </SelectField>
      {general && <Problem problem={problemText(error, words)} />}
      <div className={styles.save}>
        {onReset && dirty && (
          <>
            <span>{words.unsavedLeave}</span>
            <Button onClick={onReset}>{words.discard}</Button>
          </>
        )}
        <Button look="filled" type="submit" disabled={!dirty}>
          {saveWord}
        </Button>
      </div>
    </form>
  );
}
