import { randomUUID } from "node:crypto";
import { Fault } from "./server.mjs";
import { agentReport, taskRoutes } from "./tasks.mjs";
import { pickSession } from "./world.mjs";

const missing = (what) => new Fault(404, "NOT_FOUND", `${what} not found`);
const token = "fake-token";

/** The answer to one request; undefined when the route keeps the response for itself. */
export async function routes(state, request, url, body, response) {
  const { world } = state;
  const path = url.pathname.replace(/\/$/, "");
  const is = (method, pattern) => {
    if (request.method !== method) return null;
    const match = new RegExp(`^${pattern.replace(/\/:(\w+)/g, "/(?<$1>[^/]+)")}$`).exec(path);
    return match && { ...match.groups };
  };
  const list = (name, rows) => {
    const limit = Number(url.searchParams.get("limit") ?? 50);
    const offset = Number(url.searchParams.get("offset") ?? 0);
    const part = rows.slice(offset, offset + limit);
    return {
      body: {
        [name]: part,
        total: rows.length,
        total_count: rows.length,
        limit,
        offset,
        has_next: offset + limit < rows.length,
        next_url: null,
        prev_url: null,
        next_cursor: null,
      },
    };
  };

  if (is("GET", "/auth/config")) return { body: { mode: "local", sign_in: ["link", "token"], issuer: null } };
  if (is("POST", "/auth/link") || is("POST", "/auth/refresh")) {
    if (path.endsWith("link")) state.signedIn = true;
    if (!state.signedIn) throw new Fault(401, "AUTH_ERROR", "Invalid or expired token", { reason: "code" });
    return { body: { access_token: token, token_type: "Bearer", expires_in: 900, user_id: world.user } };
  }
  if (is("DELETE", "/auth/refresh")) {
    state.signedIn = false;
    return { status: 204 };
  }
  if (request.headers.authorization !== `Bearer ${token}`) {
    throw new Fault(401, "AUTH_ERROR", "Missing authorization token", { reason: "missing" });
  }
  if (is("GET", "/my/me")) {
    return {
      body: {
        user_id: world.user,
        roles: [],
        scopes: [],
        mode: "local",
        version: "0.1.0",
        default_project_id: null,
        model: { provider: "openrouter", model: "openai/gpt-4.1", demo: false },
        limits: {},
        pending_approvals: 0,
      },
    };
  }
  if (is("GET", "/my/models")) return { body: models };
  if (is("GET", "/my/projects"))
    return list(
      "projects",
      [...world.projects.values()].map((p) => p.row),
    );
  if (is("POST", "/my/projects")) {
    const made = world.addProject(body.name, { pack: body.starter_pack, path: body.workspace_path });
    return { status: 201, body: { ...made.row, agents: made.agents } };
  }
  if (is("GET", "/my/usage") || is("GET", "/my/projects/:p/usage")) return { body: usage(world, url) };
  if (is("GET", "/my/search")) return search(world, url, list);

  const at = /^\/my\/projects\/([^/]+)(.*)$/.exec(path);
  const project = at && world.projects.get(at[1]);
  if (!project) throw missing("Project");
  const rest = (method, pattern) => is(method, `/my/projects/[^/]+${pattern}`);
  if (rest("GET", "/events")) {
    if (request.headers.accept === "application/json") {
      const types = url.searchParams.get("event_type")?.split(",");
      const rows = project.log.filter((event) => !types || types.includes(event.event_type)).toReversed();
      return list(
        "events",
        rows.map((event) => ({ ...event, id: event.event_id })),
      );
    }
    return stream(project, url, request, response);
  }
  const wanted = rest("GET", "/events/:id");
  if (wanted) {
    const event = project.log.find((e) => e.event_id === wanted.id);
    if (!event) throw missing("Event");
    return { body: { ...event, id: event.event_id } };
  }
  if (rest("GET", "")) return { body: { ...project.row, agents: project.agents } };
  if (rest("PUT", "")) {
    Object.assign(project.row, body, { updated_at: world.stamp() });
    world.emit(project, "project_updated", {
      name: project.row.name,
      workspace_path: project.row.workspace_path,
      runner_id: null,
    });
    return { body: project.row };
  }
  if (rest("DELETE", "")) {
    world.projects.delete(project.row.id);
    return { status: 204 };
  }
  if (path.includes("/agents")) return agents(world, project, rest, request, body, list, url);
  const made = taskRoutes(world, project, rest, url, body, list, (...fault) => new Fault(...fault));
  if (made) return made;
  return chat(world, project, rest, url, body, list);
}

function agents(world, project, rest, request, body, list, url) {
  let m;
  if (rest("GET", "/agents")) return list("agents", project.agents);
  if (rest("POST", "/agents")) {
    if (project.agents.some((a) => a.name === body.name))
      throw new Fault(409, "CONFLICT", "Agent with this name already exists", { reason: "name_taken" });
    const made = world.addAgent(project, body.name, body.config);
    world.emit(project, "agent_created", {
      agent_id: made.id,
      agent_name: made.name,
      version: 1,
      changed: [],
    });
    return { status: 201, body: made };
  }
  m =
    rest("GET", "/agents/:id") ??
    rest("PUT", "/agents/:id") ??
    rest("DELETE", "/agents/:id") ??
    rest("GET", "/agents/:id/(?:versions|status|metrics|metrics/history)") ??
    rest("POST", "/agents/:id/versions/:version/restore");
  const agent = m && project.agents.find((a) => a.id === m.id);
  if (!agent) throw missing("Agent");
  const match = request.headers["if-match"];
  if (match && match !== `"v${agent.version}"`)
    throw new Fault(412, "PRECONDITION_FAILED", "Not the current version", {
      current: `"v${agent.version}"`,
    });
  const answer = () => ({ body: agent, headers: { ETag: `"v${agent.version}"` } });
  if (rest("GET", "/agents/:id")) return answer();
  if (rest("PUT", "/agents/:id")) {
    world.changeAgent(project, agent, body.name ?? agent.name, body.config);
    return answer();
  }
  if (rest("DELETE", "/agents/:id")) {
    project.agents.splice(project.agents.indexOf(agent), 1);
    world.emit(project, "agent_deleted", {
      agent_id: agent.id,
      agent_name: agent.name,
      version: agent.version,
      changed: [],
    });
    return { status: 204 };
  }
  if (rest("GET", "/agents/:id/versions")) return list("versions", agent.versions);
  if (m.version) {
    const old = agent.versions.find((v) => v.version === Number(m.version));
    world.changeAgent(project, agent, old.name, old.config);
    return answer();
  }
  return agentReport(project, agent, rest, url);
}

function chat(world, project, rest, url, body, list) {
  let m;
  if (rest("GET", "/chat/sessions")) {
    const archived = url.searchParams.get("archived") === "true";
    const rows = [...project.sessions.values()].map((s) => s.row).filter((row) => row.archived === archived);
    rows.sort(
      (a, b) =>
        Number(b.pinned) - Number(a.pinned) ||
        (b.last_message_at ?? b.created_at).localeCompare(a.last_message_at ?? a.created_at),
    );
    return list("sessions", rows);
  }
  if (rest("POST", "/chat/sessions"))
    return { status: 201, body: world.addSession(project, body.title ?? null).row };
  m = [
    "/chat/sessions/:s",
    "/chat/sessions/:s/fork",
    "/chat/:s/messages",
    "/chat/:s/messages/:m",
    "/chat/:s/message",
    "/chat/:s/stop",
    "/chat/:s/messages/:m/edit",
    "/chat/:s/messages/:m/retry",
  ]
    .flatMap((pattern) => ["GET", "POST", "PATCH", "DELETE"].map((method) => rest(method, pattern)))
    .find(Boolean);
  const session = m && project.sessions.get(m.s);
  if (!session) throw missing("Session");
  const message = m.m && session.messages.find((other) => other.id === m.m);
  if (rest("GET", "/chat/sessions/:s")) {
    const run = session.running;
    const agent = run && project.agents.find((a) => a.id === run.message.target);
    return {
      body: {
        ...session.row,
        messages: session.messages.filter((x) => !x.superseded_by).slice(-50),
        running: run
          ? [
              {
                message_id: run.answer,
                user_message_id: run.message.id,
                task_id: run.message.task_id,
                agent_id: agent.id,
                agent_name: agent.name,
                content: run.text,
              },
            ]
          : [],
        last_event_id: project.log.at(-1)?.event_id ?? null,
      },
    };
  }
  if (rest("PATCH", "/chat/sessions/:s")) {
    Object.assign(session.row, body);
    world.emit(project, "session_updated", pickSession(session.row), session);
    return { body: session.row };
  }
  if (rest("DELETE", "/chat/sessions/:s")) {
    project.sessions.delete(m.s);
    world.emit(project, "session_deleted", { session_id: m.s }, session);
    return { status: 204 };
  }
  if (rest("POST", "/chat/sessions/:s/fork")) {
    const copy = world.addSession(project, body.title ?? session.row.title);
    copy.row.forked_from = { session_id: m.s, message_id: body.message_id ?? null };
    const ids = new Map();
    for (const old of session.messages.filter((x) => !x.superseded_by)) {
      const id = randomUUID();
      ids.set(old.id, id);
      copy.messages.push({
        ...old,
        id,
        user_message_id: ids.get(old.user_message_id) ?? null,
        edited_from: null,
      });
      if (old.id === body.message_id) break;
    }
    copy.row.last_message_at = copy.messages.at(-1)?.timestamp ?? null;
    return { status: 201, body: copy.row };
  }
  if (rest("GET", "/chat/:s/messages")) return messages(session, url);
  if (rest("GET", "/chat/:s/messages/:m")) {
    if (session.running?.answer === m.m) {
      return {
        body: world.message({
          id: m.m,
          role: "assistant",
          status: "processing",
          content: session.running.text,
        }),
      };
    }
    if (!message) throw missing("Message");
    return { body: message };
  }
  if (rest("POST", "/chat/:s/stop")) {
    const run = session.running;
    if (!run) return { body: { stopped: [], dropped: [] } };
    run.stopped = true;
    run.stop();
    return { body: { stopped: [run.message.id], dropped: [] } };
  }
  if (rest("POST", "/chat/:s/message") || rest("POST", "/chat/:s/messages/:m/edit")) {
    const agent = world.target(project, body.content, body.target_agent);
    if (!agent)
      throw new Fault(404, "NOT_FOUND", "Agent not found", {
        suggestions: project.agents.slice(2, 4).map((a) => a.name),
      });
    if (message) {
      const from = session.messages.indexOf(message);
      const replaced = session.messages.slice(from).filter((x) => !x.superseded_by);
      const run = session.running;
      if (run && replaced.includes(run.message)) {
        run.stopped = true;
        run.stop();
      }
      const made = world.post(project, session, { ...body, agent, edited_from: message.id });
      for (const old of replaced) world.update(project, session, old, { superseded_by: made.id });
      return { status: 202, body: made };
    }
    const waiting = session.messages.filter((x) => x.status === "queued" && !x.superseded_by).length;
    if (waiting >= 10)
      throw new Fault(429, "SESSION_QUEUE_FULL", "Ten messages wait already", {}, { "Retry-After": "5" });
    return { status: 202, body: world.post(project, session, { ...body, agent }) };
  }
  if (!message) throw missing("Message");
  if (rest("POST", "/chat/:s/messages/:m/retry")) {
    if (session.running?.message === message)
      throw new Fault(409, "CONFLICT", "It is running", { reason: "state" });
    world.update(project, session, message, { status: "queued" });
    message.target = world.target(project, message.content, body.target_agent)?.id ?? message.target;
    void world.work(project, session);
    return { status: 202, body: message };
  }
  if (message.status !== "queued") throw new Fault(409, "CONFLICT", "Taken up", { reason: "state" });
  if (rest("DELETE", "/chat/:s/messages/:m")) {
    session.messages.splice(session.messages.indexOf(message), 1);
    world.emit(project, "message_deleted", { message_id: message.id, session_id: m.s }, session);
    return { status: 204 };
  }
  if (body.before) {
    session.messages.splice(session.messages.indexOf(message), 1);
    session.messages.splice(
      session.messages.findIndex((x) => x.id === body.before),
      0,
      message,
    );
  }
  const { before, ...fields } = body;
  world.update(project, session, message, fields);
  if (before) world.emit(project, "message_updated", { message_id: message.id, before }, session);
  return { body: message };
}

function messages(session, url) {
  const limit = Number(url.searchParams.get("limit") ?? 50);
  const rows = session.messages.filter(
    (x) => url.searchParams.get("include") === "superseded" || !x.superseded_by,
  );
  const end = url.searchParams.has("cursor") ? Number(url.searchParams.get("cursor")) : rows.length;
  const start = Math.max(0, end - limit);
  return {
    body: {
      messages: rows.slice(start, end),
      total: rows.length,
      total_count: rows.length,
      limit,
      offset: 0,
      has_next: start > 0,
      next_url: null,
      prev_url: null,
      next_cursor: start > 0 ? String(start) : null,
      session_id: session.row.id,
    },
  };
}

function stream(project, url, request, response) {
  response.writeHead(200, {
    "Content-Type": "application/x-ndjson",
    "Cache-Control": "no-cache",
    "X-Accel-Buffering": "no",
  });
  const send = (event) => response.write(`${JSON.stringify(event)}\n`);
  const line = (event_type, payload) => ({
    event_id: null,
    event_type,
    type: event_type,
    payload,
    timestamp: new Date().toISOString(),
    session_id: null,
    project_id: project.row.id,
    seq: null,
    project_seq: null,
  });
  const position = url.searchParams.get("last_event_id");
  send(
    line("heartbeat", {
      timestamp: new Date().toISOString(),
      position: position ?? project.log.at(-1)?.event_id ?? null,
    }),
  );
  if (position) {
    const at = project.log.findIndex((event) => event.event_id === position);
    if (at < 0)
      send(line("replay_gap", { requested: position, oldest_available_event_id: null, events_url: "" }));
    for (const event of project.log.slice(at + 1)) send(event);
  }
  for (const session of project.sessions.values()) {
    const run = session.running;
    if (!run) continue;
    const agent = project.agents.find((a) => a.id === run.message.target);
    send({
      ...line("message_delta", {
        message_id: run.answer,
        user_message_id: run.message.id,
        task_id: run.message.task_id,
        agent_id: agent.id,
        agent_name: agent.name,
        attempt: 1,
        kind: "text",
        offset: 0,
        text: run.text,
        snapshot: true,
      }),
      session_id: session.row.id,
    });
  }
  project.readers.add(send);
  const beat = setInterval(
    () =>
      send(
        line("heartbeat", {
          timestamp: new Date().toISOString(),
          position: project.log.at(-1)?.event_id ?? null,
        }),
      ),
    30_000,
  );
  request.socket.on("close", () => {
    clearInterval(beat);
    project.readers.delete(send);
  });
}

function usage(world, url) {
  const group = url.searchParams.get("group_by") ?? "day";
  const row = (key, weight, priced = true) => ({
    key,
    calls: 4 * weight,
    tokens_in: 9100 * weight,
    tokens_out: 2300 * weight,
    tokens_cached: 1200 * weight,
    cost_usd: priced ? 0.031 * weight : null,
    unpriced_calls: priced ? 0 : 4 * weight,
  });
  if (world.projects.size === 0) return { usage: [] };
  if (group === "day") {
    return {
      usage: Array.from({ length: 14 }, (_, at) =>
        row(new Date(Date.now() - (13 - at) * 86_400_000).toISOString().slice(0, 10), 1 + ((at * 7) % 5)),
      ),
    };
  }
  if (group === "model")
    return { usage: [row("openrouter/openai/gpt-4.1", 9), row("ollama/qwen3:4b", 3, false)] };
  const first = [...world.projects.values()][0];
  if (group === "agent") return { usage: first.agents.map((agent, at) => row(agent.id, 5 - at)) };
  return { usage: [...world.projects.values()].map((project, at) => row(project.row.id, 6 - at * 4)) };
}

function search(world, url, list) {
  const q = url.searchParams.get("q").toLowerCase();
  const hits = [];
  for (const project of world.projects.values()) {
    for (const session of project.sessions.values()) {
      for (const message of session.messages) {
        const at = message.content.toLowerCase().indexOf(q);
        if (at < 0) continue;
        const from = Math.max(0, at - 60);
        hits.push({
          project_id: project.row.id,
          session_id: session.row.id,
          session_title: session.row.title,
          message_id: message.id,
          role: message.role,
          agent_name: message.agent_name,
          snippet: message.content.slice(from, at + 120),
          highlights: [{ start: at - from, length: q.length }],
          timestamp: message.timestamp,
          rank: 1,
        });
      }
    }
  }
  return list("results", hits);
}

const models = {
  default: { provider: "openrouter", model: "openai/gpt-4.1" },
  providers: [
    {
      id: "openrouter",
      kind: "openai",
      source: "environment",
      available: true,
      error_type: null,
      models: [
        { name: "openai/gpt-4.1", context_tokens: 1047576, tools: true, price_in: 2, price_out: 8 },
        {
          name: "mistralai/mistral-large",
          context_tokens: 200000,
          tools: true,
          price_in: 3,
          price_out: 15,
        },
      ],
    },
    {
      id: "ollama",
      kind: "openai",
      source: "ollama",
      available: true,
      error_type: null,
      models: [{ name: "qwen3:4b", context_tokens: 40960, tools: true, price_in: null, price_out: null }],
    },
    {
      id: "gemini",
      kind: "gemini",
      source: "configuration",
      available: false,
      error_type: "authentication",
      models: [],
    },
    {
      id: "demo",
      kind: "demo",
      source: "built_in",
      available: true,
      error_type: null,
      models: [{ name: "echo", context_tokens: 8192, tools: true, price_in: 0, price_out: 0 }],
    },
  ],
};
