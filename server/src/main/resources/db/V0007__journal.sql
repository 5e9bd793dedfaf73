create table task_steps (
  user_id       uuid not null,
  task_id       uuid not null,
  step          int not null check (step >= 1),
  attempt       int not null check (attempt >= 1),
  kind          varchar(20) not null check (kind in ('recall', 'model', 'tool', 'plan', 'merge')),
  title         varchar(200) not null,
  status        varchar(20) not null check (status in ('running', 'completed', 'failed')),
  input         jsonb not null,
  input_hash    varchar(64) not null,
  output        jsonb,
  provider      varchar(100),
  model         varchar(200),
  tokens_in     bigint,
  tokens_out    bigint,
  tokens_cached bigint,
  cost_usd      numeric(20, 10),
  error         text,
  error_type    varchar(40),
  started_at    timestamptz not null default artel_now(),
  answering_at  timestamptz,
  completed_at  timestamptz,
  primary key (user_id, task_id, step, attempt),
  foreign key (user_id, task_id) references tasks (user_id, id) on delete cascade,
  check ((status = 'running') = (completed_at is null)),
  check (status <> 'completed' or output is not null)
);
comment on table task_steps is
  'The journal of a task: what was begun and what came of it, each written once. A completed step is never done again.';
comment on column task_steps.attempt is
  'Of this step. One that was interrupted, or that failed and may pass, is run again under the next number.';
comment on column task_steps.input_hash is
  'SHA-256 of the input as it was sent, in hexadecimal.';
comment on column task_steps.answering_at is
  'When the first token came.';
call artel_protect('task_steps');
