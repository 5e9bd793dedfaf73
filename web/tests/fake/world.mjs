// The state of one person's Artel, in memory: what the user interface is developed and tested against when no server is
// at hand. It keeps the promises of the interface (order, resume, versions, queue), not those of a database.
import { randomUUID } from "node:crypto";
import { starterTeam } from "./samples.mjs";
import { Tasks } from "./tasks.mjs";

const nothing = () => {};

export class World {
  user = randomUUID();
  projects = new Map();
  now = () => new Date();
  /** Milliseconds between words; tests set 0 to get an answer at once. */
  wordMillis = 25;
  /** How long a message that asks for "busy" waits after the provider's refusal. */
  retryMillis = 60_000;

  addProject(name, { pack = "roles", path = null } = {}) {
    const project = {
      row: {
        id: randomUUID(),
        user_id: this.user,
        name,
        workspace_path: path,
        created_at: this.stamp(),
        updated_at: this.stamp(),
        is_default: this.projects.size === 0,
        runner_id: null,
      },
      agents: [],
      sessions: new Map(),
      log: [],
      readers: new Set(),
      seq: 0,
    };
    project.tasks = new Tasks(this, project);
    this.projects.set(project.row.id, project);
    for (const [at, config] of starterTeam(pack).entries())
      this.addAgent(project, config.name, config.config, at);
    return project;
  }

  stamp() {
    this.last = Math.max((this.last ?? 0) + 1, this.now().getTime());
    return new Date(this.last).toISOString();
  }

  addAgent(project, name, config, at = 0) {
    const id = randomUUID();
    const agent = {
      id,
      name,
      status: "ready",
      created_at: new Date(Date.parse(this.stamp()) + at).toISOString(),
      updated_at: this.stamp(),
      config: {
        model: "openrouter/openai/gpt-4.1",
        tools: [],
        concurrency_limit: 3,
        temperature: 0.7,
        max_tokens: 4096,
        ...config,
        metadata: { role: "custom", capabilities: [], ...config.metadata },
      },
      agent_id: `user${this.user}_${name}_1`,
      version: 1,
      last_error: null,
      state: "idle",
      queue: { size: 0, capacity: 100, active: 0, waiting: 0 },
      versions: [],
      done: 0,
    };
    agent.versions.push({
      version: 1,
      name,
      config: agent.config,
      changed: [],
      created_at: agent.created_at,
    });
    project.agents.push(agent);
    return agent;
  }

  changeAgent(project, agent, name, config) {
    const changed = [];
    if (name !== agent.name) changed.push("name");
    for (const key of new Set([...Object.keys(config), ...Object.keys(agent.config)])) {
      if (JSON.stringify(config[key]) !== JSON.stringify(agent.config[key])) changed.push(key);
    }
    agent.version++;
    Object.assign(agent, { name, config, updated_at: this.stamp() });
    agent.versions.unshift({ version: agent.version, name, config, changed, created_at: agent.updated_at });
    this.emit(project, "agent_updated", {
      agent_id: agent.id,
      agent_name: name,
      version: agent.version,
      changed,
    });
  }

  addSession(project, title = null) {
    const row = {
      id: randomUUID(),
      title,
      created_at: this.stamp(),
      updated_at: this.stamp(),
      message_count: 0,
      state: "idle",
      queued_count: 0,
      preview: null,
      last_message_at: null,
      pinned: false,
      archived: false,
      forked_from: null,
    };
    const session = { row, messages: [], seq: 0, running: null };
    project.sessions.set(row.id, session);
    this.emit(project, "session_created", pickSession(row), session);
    return session;
  }

  /** Appends to the log and sends to every reader. Live-only lines have no number and are not kept. */
  emit(project, event_type, payload, session = null, live = false) {
    const event = {
      event_id: live ? null : randomUUID(),
      event_type,
      type: event_type,
      payload,
      timestamp: this.stamp(),
      session_id: session?.row.id ?? null,
      project_id: project.row.id,
      seq: live || !session ? null : ++session.seq,
      project_seq: live ? null : ++project.seq,
    };
    if (!live) project.log.push(event);
    for (const reader of project.readers) reader(event);
    return event;
  }

  message(fields) {
    return {
      id: randomUUID(),
      role: "user",
      content: "",
      agent_id: null,
      agent_name: null,
      timestamp: this.stamp(),
      payload: null,
      mode: "direct",
      task_id: null,
      status: "done",
      error: null,
      user_message_id: null,
      edited_from: null,
      superseded_by: null,
      provider: null,
      model: null,
      demo: false,
      usage: null,
      latency: null,
      context_used: null,
      finish_reason: null,
      ...fields,
    };
  }

  created(project, session, message, more = {}) {
    session.messages.push(message);
    const { row } = session;
    row.last_message_at = row.updated_at = message.timestamp;
    row.message_count++;
    if (message.role === "assistant") row.preview = message.content.slice(0, 120);
    if (row.title === null && message.role === "user") {
      row.title = message.content.slice(0, 60);
      this.emit(project, "session_updated", pickSession(row), session);
    }
    const { id, payload: _, ...fields } = message;
    this.emit(
      project,
      "message_created",
      { ...fields, message_id: id, session_id: row.id, ...more },
      session,
    );
  }

  update(project, session, message, fields) {
    const old_status = message.status;
    Object.assign(message, fields);
    this.emit(
      project,
      "message_updated",
      { message_id: message.id, old_status, status: message.status, ...fields },
      session,
    );
  }

  target(project, content, wanted) {
    const mention = /^@(\S+)/.exec(content)?.[1];
    const name = wanted ?? mention;
    if (!name)
      return project.agents.find((agent) => agent.config.metadata.role === "ask") ?? project.agents[0];
    return project.agents.find((agent) =>
      [agent.id, agent.name, `@${agent.name}`, agent.agent_id].includes(name),
    );
  }

  post(project, session, { content, agent, client_ref, edited_from = null }) {
    const message = this.message({ content, status: "queued", edited_from, task_id: randomUUID() });
    message.target = agent.id;
    this.created(project, session, message, { client_ref });
    project.tasks.queue(session, message, agent);
    void this.work(project, session);
    return message;
  }

  async work(project, session) {
    if (session.running) return;
    const message = session.messages.find((m) => m.status === "queued" && m.superseded_by === null);
    if (!message) return;
    const run = { message, answer: randomUUID(), text: "", stop: nothing, stopped: false };
    session.running = run;
    session.row.state = "running";
    const agent = project.agents.find((other) => other.id === message.target) ?? project.agents[0];
    this.update(project, session, message, { status: "processing" });
    this.setStatus(project, agent, "busy", session);
    const { tasks } = project;
    const task = tasks.get(message.task_id) ?? tasks.queue(session, message, agent);
    tasks.start(task, session, agent);
    let step = tasks.begin(task, session, 1, "model", "openai/gpt-4.1");
    if (/busy/i.test(message.content)) {
      const error = "429 Too Many Requests";
      tasks.end(task, session, step, { status: "failed", error_type: "rate_limit", error });
      tasks.putOff(task, session, this.retryMillis, "rate_limit");
      await this.pause(run, this.retryMillis);
      if (!run.stopped) {
        tasks.start(task, session, agent);
        step = tasks.begin(task, session, 1, "model", "openai/gpt-4.1", 2);
      }
    }
    const started = Date.now();
    const pieces = this.reply(message.content).match(/\S+\s*/g) ?? [];
    for (const piece of pieces) {
      if (this.wordMillis > 0) {
        await this.pause(run, this.wordMillis);
      }
      if (run.stopped) break;
      this.emit(
        project,
        "message_delta",
        {
          message_id: run.answer,
          user_message_id: message.id,
          task_id: message.task_id,
          agent_id: agent.id,
          agent_name: agent.name,
          attempt: 1,
          kind: "text",
          offset: run.text.length,
          text: piece,
          snapshot: false,
        },
        session,
        true,
      );
      run.text += piece;
    }
    if (!project.sessions.has(session.row.id)) return;
    session.running = null;
    session.row.state = "idle";
    const tokens_out = pieces.length;
    const spent = { tokens_in: 812, tokens_out, cost_usd: 0.0016 + tokens_out * 0.000008 };
    if (/fail/i.test(message.content) && !run.stopped) {
      const error = "The provider answered 500";
      tasks.end(task, session, step, { status: "failed", error_type: "unknown", error });
      tasks.finish(task, session, agent, "failed", { error, error_type: "unknown" });
      this.update(project, session, message, { status: "failed", error: "The provider answered 500" });
    } else {
      if (run.text) {
        this.created(
          project,
          session,
          this.message({
            id: run.answer,
            role: "assistant",
            content: run.text,
            agent_id: agent.id,
            agent_name: agent.name,
            user_message_id: message.id,
            provider: "openrouter",
            model: "gpt-4.1",
            task_id: message.task_id,
            usage: {
              calls: 1,
              tokens_in: 812,
              tokens_out,
              tokens_cached: 0,
              cost_usd: spent.cost_usd,
            },
            latency: { queue_ms: 4, first_token_ms: 320, total_ms: Date.now() - started },
            context_used: 2,
            finish_reason: run.stopped ? "cancelled" : "stop",
          }),
        );
        for (const old of session.messages) {
          if (
            old.role === "assistant" &&
            old.user_message_id === message.id &&
            old.id !== run.answer &&
            !old.superseded_by
          ) {
            this.update(project, session, old, { superseded_by: run.answer });
          }
        }
      }
      if (run.stopped) tasks.finish(task, session, agent, "cancelled", { error: "cancelled by the user" });
      else {
        tasks.end(task, session, step, { ...spent, output: { text: run.text } });
        tasks.finish(task, session, agent, "completed");
      }
      this.update(project, session, message, { status: run.stopped ? "cancelled" : "done" });
    }
    agent.done++;
    this.setStatus(project, agent, "ready", session);
    void this.work(project, session);
  }

  pause(run, millis) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      run.stop = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  setStatus(project, agent, status, session) {
    const old_status = agent.status;
    agent.status = status;
    agent.state = status === "busy" ? "processing" : "idle";
    this.emit(
      project,
      "agent_status_changed",
      { agent_id: agent.id, old_status, new_status: status, reason: "task", timestamp: this.stamp() },
      session,
    );
  }

  reply = (content) => `You wrote: ${content}`;
}

export function pickSession({ id, title, pinned, archived, forked_from }) {
  return { session_id: id, title, pinned, archived, forked_from };
}
