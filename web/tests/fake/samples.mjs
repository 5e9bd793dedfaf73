import { randomUUID } from "node:crypto";

// A small world to look at: one project with a few conversations, as a person would have them.
const prompts = {
  architect:
    "You design before anybody builds.\nName what is missing on purpose.\nPrefer the smallest shape that holds.",
  orchestrator: "You hand work to whoever does it best and put the results together.",
  ask: "You explain what is there.\nQuote the line you speak about.\nSay when you do not know.",
  debug: "You look for causes.\nOne hypothesis at a time, each with the observation that would refute it.",
  code: "You write the change that was asked for, and its test.",
};

const packs = {
  roles: [
    ["Architect", "architect", 0.25, ["architecture_design", "system_planning", "risk_assessment"], "LOW"],
    ["Orchestrator", "orchestrator", 0.4, ["workflow_management", "task_routing"], "LOW"],
    ["Ask", "ask", 0.3, ["explanation", "code_reading"], "LOW"],
    ["Debug", "debug", 0.35, ["debugging", "log_analysis", "root_cause_analysis"], "MEDIUM"],
    ["Code", "code", 0.2, ["code_writing", "refactoring", "test_creation"], "HIGH"],
  ],
  specialists: [
    ["agent_coder", "custom", 0.3, [], null],
    ["agent_writer", "custom", 0.7, [], null],
  ],
  assistants: [["CodeAssistant", "custom", 0.7, [], null]],
};

export function starterTeam(pack) {
  return packs[pack].map(([name, role, temperature, capabilities, risk_level]) => ({
    name,
    config: {
      system_prompt: prompts[role] ?? "You help.",
      temperature,
      tools: role === "orchestrator" ? [] : ["read_file", "list_directory", "search_files"],
      metadata: { role, capabilities, risk_level },
    },
  }));
}

export const samples = {
  en: {
    project: "orders-service",
    other: "site",
    titles: ["Build setup", "Release 2.1 notes", "Where the invoices come from", "Slow start on CI"],
    question: "Why did the second attempt wait for a minute?",
    answer: `The delay comes from \`Retry-After\`. The provider sends **seconds**, but \`Backoff\` reads them as a date, fails, and falls back to its own cap of one minute.

\`\`\`java
Duration next(int attempt, String retryAfter) {
  // A date is allowed by the standard, but this provider sends seconds.
  long seconds = Long.parseLong(retryAfter);
  return Duration.ofSeconds(Math.min(seconds, CAP_SECONDS)).plusMillis(jitter(250));
}
\`\`\`

Two things follow:

1. Read a number first, a date only if that fails.
2. Log which of the two it was; today both look the same.

| attempt | header | waited |
|---:|---|---:|
| 1 | none | 1 s |
| 2 | \`Retry-After: 4\` | 60 s |
| 3 | none | 4 s |

The rule is in [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#field.retry-after).`,
    second: "@Debug is the jitter the same for both?",
    third:
      "No. The number branch adds 0 to 250 ms, the cap branch adds nothing, so clients that hit the cap come back **in step**. That is the small peak at each full minute in your graph.",
    live: "Then write the smallest fix and its test.",
  },
  ru: {
    project: "orders-service",
    other: "Сайт",
    titles: ["Сборка проекта", "Заметки к выпуску 2.1", "Откуда берутся счета", "Долгий запуск на CI"],
    question: "Почему вторая попытка ждала целую минуту?",
    answer: `Задержка берётся из \`Retry-After\`. Поставщик присылает **секунды**, а \`Backoff\` читает их как дату, не справляется и берёт собственный предел в одну минуту.

\`\`\`java
Duration next(int attempt, String retryAfter) {
  // Дата допустима по стандарту, но этот поставщик присылает секунды.
  long seconds = Long.parseLong(retryAfter);
  return Duration.ofSeconds(Math.min(seconds, CAP_SECONDS)).plusMillis(jitter(250));
}
\`\`\`

Отсюда два вывода:

1. Сначала читать число, и только при неудаче дату.
2. Записывать в журнал, что именно это было; сейчас оба случая выглядят одинаково.

| попытка | заголовок | ожидание |
|---:|---|---:|
| 1 | нет | 1 с |
| 2 | \`Retry-After: 4\` | 60 с |
| 3 | нет | 4 с |

Правило описано в [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#field.retry-after).`,
    second: "@Debug а разброс одинаковый в обоих случаях?",
    third:
      "Нет. Ветка с числом добавляет от 0 до 250 мс, ветка с пределом не добавляет ничего, поэтому клиенты, упёршиеся в предел, возвращаются **одновременно**. Это и есть небольшой пик в начале каждой минуты на вашем графике.",
    live: "Тогда напиши наименьшее исправление и тест к нему.",
  },
};

export function fill(world, language) {
  const text = samples[language];
  const day = 86_400_000;
  const start = Date.now();
  const at = (offset) => {
    world.last = undefined;
    world.now = () => new Date(start - offset);
  };
  at(12 * day);
  const project = world.addProject(text.project, { path: "/srv/orders-service" });
  world.addProject(text.other);
  const by = (name) => project.agents.find((agent) => agent.name === name);
  text.titles.toReversed().forEach((title, index) => {
    at((7 - index * 2.1) * day);
    const session = world.addSession(project, title);
    say(world, project, session, title, `${title}.`, by("Ask"));
    if (index === 1) session.row.pinned = true;
  });
  at(25 * 60_000);
  const session = world.addSession(project);
  say(world, project, session, text.question, text.answer, by("Code"));
  at(6 * 60_000);
  say(world, project, session, text.second, text.third, by("Debug"));
  const code = by("Code");
  at(2 * day);
  world.changeAgent(project, code, code.name, {
    ...code.config,
    temperature: 0.1,
    system_prompt: `${code.config.system_prompt}\nKeep the diff small.`,
  });
  world.last = undefined;
  world.now = () => new Date();
  return { project, session, text };
}

export function say(world, project, session, question, answer, agent) {
  const user = world.message({ content: question, task_id: randomUUID() });
  world.created(project, session, user);
  const tokens_out = Math.round(answer.length / 3.6);
  const { tasks } = project;
  const task = tasks.queue(session, user, agent);
  tasks.start(task, session, agent);
  const step = tasks.begin(task, session, 1, "model", "openai/gpt-4.1");
  tasks.end(task, session, step, {
    duration_ms: 1200 + tokens_out * 9,
    tokens_in: 912,
    tokens_out,
    cost_usd: 0.0018 + tokens_out * 0.000008,
    output: { text: answer },
  });
  tasks.finish(task, session, agent, "completed");
  world.created(
    project,
    session,
    world.message({
      role: "assistant",
      task_id: user.task_id,
      content: answer,
      agent_id: agent.id,
      agent_name: agent.name,
      user_message_id: user.id,
      provider: "openrouter",
      model: "gpt-4.1",
      usage: {
        calls: 1,
        tokens_in: 912,
        tokens_out,
        tokens_cached: 0,
        cost_usd: 0.0018 + tokens_out * 0.000008,
      },
      latency: { queue_ms: 3, first_token_ms: 410, total_ms: 1200 + tokens_out * 9 },
      context_used: 4,
      finish_reason: "stop",
    }),
  );
}
