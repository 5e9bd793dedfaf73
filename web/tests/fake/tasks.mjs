// Tasks and their journals in the world in memory.
import { randomUUID } from "node:crypto";

export class Tasks {
  rows = [];
  steps = new Map();

  constructor(world, project) {
    this.world = world;
    this.project = project;
  }

  /** A task for a message, in the queue of its agent. */
  queue(session, message, agent, fields = {}) {
    const row = {
      id: message.task_id,
      session_id: session.row.id,
      agent_id: agent.id,
      agent_version: agent.version,
      kind: "message",
      message_id: message.id,
      plan_id: null,
      plan_task_id: null,
      status: "queued",
      waiting_on: null,
      approval_id: null,
      attempts: 0,
      priority: 0,
      depends_on: [],
      queue_position: null,
      steps_done: 0,
      retry_of: null,
      usage: null,
      result: null,
      error: null,
      error_type: null,
      created_at: this.world.stamp(),
      started_at: null,
      completed_at: null,
      deadline_at: null,
      ...fields,
    };
    this.rows.unshift(row);
    this.steps.set(row.id, []);
    this.tell("task_queued", row, session, {
      queue_size: this.queued(agent).length,
      queue_capacity: 100,
      priority: 0,
      message_id: message.id,
    });
    return row;
  }

  queued(agent) {
    return this.rows.filter((row) => row.agent_id === agent.id && row.status === "queued").reverse();
  }

  get(id) {
    return this.rows.find((row) => row.id === id);
  }

  start(row, session, agent) {
    row.status = "running";
    row.waiting_on = null;
    row.attempts++;
    row.started_at ??= this.world.stamp();
    row.deadline_at = new Date(Date.parse(row.started_at) + 600_000).toISOString();
    this.tell("task_started", row, session, { agent_name: agent.name, attempt: row.attempts });
  }

  begin(row, session, step, kind, title, attempt = 1) {
    const made = {
      step,
      kind,
      title,
      status: "running",
      attempt,
      started_at: this.world.stamp(),
      completed_at: null,
      duration_ms: null,
      provider: kind === "model" ? "openrouter" : null,
      model: kind === "model" ? title : null,
      tokens_in: null,
      tokens_out: null,
      cost_usd: null,
      error: null,
      error_type: null,
      input: { messages: [{ role: "user", content: "What was asked" }] },
      output: null,
    };
    this.steps.get(row.id).push(made);
    this.tell("task_step", row, session, { step, kind, title, status: "started", attempt });
    return made;
  }

  end(row, session, step, fields) {
    Object.assign(step, { status: "completed", completed_at: this.world.stamp(), ...fields });
    step.duration_ms ??= Math.max(1, Date.parse(step.completed_at) - Date.parse(step.started_at));
    if (step.status === "completed") row.steps_done = step.step;
    const { kind, title, status, attempt, duration_ms, tokens_in, tokens_out, cost_usd, error_type } = step;
    this.tell("task_step", row, session, {
      step: step.step,
      kind,
      title,
      status,
      attempt,
      duration_ms,
      ...(tokens_in === null ? {} : { tokens_in, tokens_out, cost_usd }),
      ...(error_type === null ? {} : { error_type }),
    });
  }

  putOff(row, session, millis, error_type) {
    row.status = "queued";
    row.waiting_on = "retry";
    this.tell("task_retry_scheduled", row, session, {
      attempt: row.attempts,
      retry_at: new Date(Date.now() + millis).toISOString(),
      error_type,
    });
  }

  finish(row, session, agent, status, fields = {}) {
    Object.assign(row, { status, waiting_on: null, completed_at: this.world.stamp(), ...fields });
    const steps = this.steps.get(row.id);
    for (const step of steps) {
      if (step.status === "running")
        this.end(row, session, step, { status: "failed", error_type: "cancelled", error: null });
    }
    const sum = (name) => steps.reduce((total, step) => total + (step[name] ?? 0), 0);
    row.usage = {
      calls: steps.filter((step) => step.kind === "model").length,
      tokens_in: sum("tokens_in"),
      tokens_out: sum("tokens_out"),
      tokens_cached: 0,
      cost_usd: sum("cost_usd"),
    };
    if (status === "completed")
      this.tell("task_completed", row, session, {
        agent_name: agent.name,
        status,
        response_preview: "",
        duration: 1,
        execution_time_ms: 1000,
      });
    else if (status === "failed")
      this.tell("task_failed", row, session, {
        agent_name: agent.name,
        error: row.error,
        error_type: row.error_type,
        attempts: row.attempts,
      });
    else this.tell("task_cancelled", row, session, { reason: row.error ?? "cancelled by the user" });
  }

  tell(type, row, session, payload) {
    this.world.emit(
      this.project,
      type,
      { task_id: row.id, agent_id: row.agent_id, timestamp: this.world.stamp(), ...payload },
      session,
    );
  }
}

/** The routes of tasks and queues; undefined when the request is none of theirs. */
export function taskRoutes(world, project, rest, url, body, list, fault) {
  const { tasks } = project;
  const shown = (row) => {
    const queued = tasks.queued({ id: row.agent_id });
    const place = row.status === "queued" && row.waiting_on === null ? queued.indexOf(row) + 1 : 0;
    return { ...row, queue_position: place || null };
  };
  const wanted = (name) => url.searchParams.get(name);
  if (rest("GET", "/tasks")) {
    const rows = tasks.rows.filter(
      (row) =>
        (!wanted("status") || row.status === wanted("status")) &&
        (!wanted("agent_id") || row.agent_id === wanted("agent_id")),
    );
    return list("tasks", rows.map(shown));
  }
  if (rest("GET", "/queues")) {
    return { body: { queues: project.agents.map((agent) => queueOf(tasks, agent)) } };
  }
  const m =
    rest("GET", "/tasks/:t") ??
    rest("GET", "/tasks/:t/steps") ??
    rest("GET", "/tasks/:t/steps/:n") ??
    rest("POST", "/tasks/:t/(?:cancel|retry)");
  if (!m) return undefined;
  const row = tasks.get(m.t);
  if (!row) throw fault(404, "NOT_FOUND", "Task not found");
  const session = project.sessions.get(row.session_id);
  const steps = tasks.steps.get(row.id);
  if (rest("GET", "/tasks/:t")) return { body: shown(row) };
  if (rest("GET", "/tasks/:t/steps")) {
    return list(
      "steps",
      steps.map(({ input: _, output: __, ...step }) => step),
    );
  }
  if (m.n) return { body: { ...steps.findLast((step) => step.step === Number(m.n)), truncated: false } };
  const ended = ["completed", "failed", "cancelled"].includes(row.status);
  const agent = project.agents.find((other) => other.id === row.agent_id);
  if (rest("POST", "/tasks/:t/cancel")) {
    if (ended) throw fault(409, "CONFLICT", "It has ended already", { reason: "state" });
    const run = session?.running;
    if (run && run.message.task_id === row.id) {
      run.stopped = true;
      run.stop();
    } else {
      const message = session?.messages.find((other) => other.id === row.message_id);
      if (message) world.update(project, session, message, { status: "cancelled" });
      tasks.finish(row, session, agent, "cancelled", { error: body.reason ?? "cancelled by the user" });
    }
    return { body: shown(row) };
  }
  if (!ended) throw fault(409, "CONFLICT", "It has not ended", { reason: "state" });
  const message = session.messages.find((other) => other.id === row.message_id);
  world.update(project, session, message, { status: "queued", task_id: randomUUID() });
  message.target = agent.id;
  const made = tasks.queue(session, message, agent, { retry_of: row.id });
  void world.work(project, session);
  return { status: 201, body: shown(made) };
}

function queueOf(tasks, agent) {
  const own = tasks.rows.filter((row) => row.agent_id === agent.id);
  const queued = own.filter((row) => row.status === "queued");
  return {
    agent_id: agent.id,
    agent_name: agent.name,
    size: agent.crowd ?? queued.length,
    capacity: 100,
    active: own.filter((row) => row.status === "running").length,
    waiting: queued.filter((row) => row.waiting_on !== null).length,
    limit: agent.config.concurrency_limit,
    oldest_queued_at: queued.at(-1)?.created_at ?? null,
    completed: own.filter((row) => row.status === "completed").length,
    failed: own.filter((row) => row.status === "failed").length,
    throughput_per_s: 0.02,
    avg_seconds: own.length > 0 ? 2.14 : null,
    p95_seconds: own.length > 0 ? 4.9 : null,
  };
}

/** What an agent's page asks about how it does. */
export function agentReport(project, agent, rest, url) {
  const load = queueOf(project.tasks, agent);
  const failed = agent.status === "error" ? 7 : 1;
  const sums = (start, total, bad = 0) => ({
    start,
    total_tasks: total,
    successful_tasks: total - bad,
    failed_tasks: bad,
    cancelled_tasks: 0,
    success_rate: total > 0 ? (total - bad) / total : null,
    avg_duration_ms: total > 0 ? 2140 : null,
    last_active_at: total > 0 ? agent.updated_at : null,
    api_calls: total + 2,
    tokens_in: total * 900,
    tokens_out: total * 210,
    tokens_cached: 0,
    cost_usd: total * 0.0034,
    unpriced_calls: 0,
    tasks_processed: total,
    tasks_failed: bad,
    avg_processing_time: 2.14,
    last_activity: agent.updated_at,
    error_rate: total > 0 ? bad / total : null,
  });
  if (rest("GET", "/agents/:id/metrics/history")) {
    const day = url.searchParams.get("bucket") === "day";
    const step = day ? 86_400_000 : 3_600_000;
    const now = Math.floor(Date.now() / step) * step;
    const history = agent.quiet
      ? []
      : Array.from({ length: day ? 30 : 24 }, (_, at) => at)
          .filter((at) => at % 4 !== 2)
          .map((at) =>
            sums(new Date(now - at * step).toISOString(), 1 + ((at * 5) % 9), at % 5 === 0 ? 1 : 0),
          )
          .reverse();
    return { body: { bucket: day ? "day" : "hour", history } };
  }
  if (rest("GET", "/agents/:id/metrics")) return { body: sums(null, 84 + agent.done, failed) };
  return {
    body: {
      agent_id: agent.id,
      agent_name: agent.name,
      status: agent.status,
      state: agent.state,
      is_active: agent.status !== "error",
      is_in_cache: true,
      last_error: agent.last_error,
      error_at: agent.last_error ? agent.updated_at : null,
      recover_at: agent.last_error ? new Date(Date.now() + 60_000).toISOString() : null,
      queue: load,
      execution: {
        total_executions: 84 + agent.done,
        successful: 83 + agent.done,
        failed,
        last_execution: agent.updated_at,
        avg_execution_time_ms: 2140,
        last_execution_time_ms: 1800,
      },
      usage: { calls: 14, tokens_in: 48210, tokens_out: 9120, cost_usd: 0.169 },
      context: { total_vectors: 0, context_search_enabled: false },
      performance: { cache_hit_rate: 0.97, error_rate: 0.01, avg_tokens_per_execution: 1120 },
      config: {
        model: agent.config.model,
        temperature: agent.config.temperature,
        max_tokens: agent.config.max_tokens,
        concurrency_limit: agent.config.concurrency_limit,
      },
      health: { last_check: agent.updated_at, result: agent.last_error ?? "ok" },
    },
  };
}
