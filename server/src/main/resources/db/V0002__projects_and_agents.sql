create table user_projects (
  id             uuid not null,
  user_id        uuid not null references users (id) on delete cascade,
  name           varchar(255) not null check (length(name) >= 1),
  workspace_path varchar(500),
  is_default     boolean not null default false,
  row_version    int not null default 1,
  created_at     timestamptz not null default artel_now(),
  updated_at     timestamptz not null default artel_now(),
  primary key (user_id, id),
  constraint user_projects_name unique nulls not distinct (user_id, name, workspace_path)
);
create unique index user_projects_default on user_projects (user_id) where is_default;
create index user_projects_created on user_projects (user_id, created_at);
call artel_protect('user_projects');

create table user_agents (
  id                uuid not null,
  user_id           uuid not null,
  project_id        uuid not null,
  name              varchar(100) not null check (length(name) >= 1),
  name_key          text not null,
  config            jsonb not null,
  status            varchar(20) not null default 'ready' check (status in ('ready', 'busy', 'error')),
  version           int not null default 1 check (version >= 1),
  agent_id          text not null generated always as
                    ('user' || user_id::text || '_' || name || '_' || version::text) stored,
  concurrency_limit int not null generated always as (coalesce((config ->> 'concurrency_limit')::int, 3)) stored,
  max_vectors       int generated always as ((config -> 'metadata' ->> 'max_vectors')::int) stored,
  last_error        text,
  error_at          timestamptz,
  failures          int not null default 0 check (failures >= 0),
  recover_at        timestamptz,
  active_at         timestamptz,
  created_at        timestamptz not null default artel_now(),
  updated_at        timestamptz not null default artel_now(),
  primary key (user_id, id),
  foreign key (user_id, project_id) references user_projects (user_id, id) on delete cascade,
  check (concurrency_limit between 1 and 10),
  check ((status = 'error') = (error_at is not null)),
  check ((status = 'error') = (recover_at is not null))
);
comment on column user_agents.failures is
  'Critical failures since a task was last completed: how long to wait before the next attempt.';
comment on column user_agents.recover_at is 'When an agent in error is tried again.';
comment on column user_agents.active_at is 'When its work last began or ended.';
comment on column user_agents.name_key is
  'The name without letter case, folded by the service: lower() follows the locale of the cluster.';
create unique index user_agents_name on user_agents (user_id, project_id, name_key);
create index user_agents_project_status on user_agents (user_id, project_id, status);
create index user_agents_status on user_agents (user_id, status);
create index user_agents_active on user_agents (active_at) where active_at is not null;
create index user_agents_recovery on user_agents (recover_at) where recover_at is not null;
call artel_protect('user_agents');
call artel_dispatchable('user_agents');
grant select (id, user_id, project_id, status, concurrency_limit, created_at, error_at, recover_at, active_at),
      update (recover_at)
   on user_agents to artel_dispatch;

create table agent_checks (
  user_id    uuid not null,
  agent_id   uuid not null,
  checked_at timestamptz not null,
  result     text not null,
  primary key (user_id, agent_id),
  foreign key (user_id, agent_id) references user_agents (user_id, id) on delete cascade
) with (fillfactor = 50);
call artel_protect('agent_checks');
call artel_dispatchable('agent_checks');
grant select (user_id, agent_id, checked_at) on agent_checks to artel_dispatch;

create table agent_hours (
  user_id       uuid not null,
  agent_id      uuid not null,
  hour          timestamptz not null,
  completed     bigint not null,
  failed        bigint not null,
  cancelled     bigint not null,
  running_ms    bigint not null,
  last_ms       bigint not null,
  last_at       timestamptz not null,
  calls         bigint not null,
  tokens_in     bigint not null,
  tokens_out    bigint not null,
  tokens_cached bigint not null,
  cost_usd      numeric not null,
  unpriced_calls bigint not null,
  primary key (user_id, agent_id, hour),
  foreign key (user_id, agent_id) references user_agents (user_id, id) on delete cascade
);
comment on table agent_hours is
  'What each agent did in each hour (UTC): written with the end of a task, kept when the task goes.';
call artel_protect('agent_hours');

create table agent_versions (
  user_id    uuid not null,
  agent_id   uuid not null,
  version    int not null,
  name       varchar(100) not null,
  name_key   text not null,
  config     jsonb not null,
  created_at timestamptz not null default artel_now(),
  primary key (user_id, agent_id, version),
  foreign key (user_id, agent_id) references user_agents (user_id, id) on delete cascade
);
create index agent_versions_name on agent_versions (user_id, name_key, version);
call artel_protect('agent_versions');

-- The orchestrator-role agent seen as settings: the same data, never a second copy.
create view user_orchestrators with (security_invoker = true) as
  select id, user_id, project_id, config, created_at
    from user_agents
   where config -> 'metadata' ->> 'role' = 'orchestrator';
grant select on user_orchestrators to artel_app;
