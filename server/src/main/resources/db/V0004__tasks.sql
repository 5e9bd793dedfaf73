create table tasks (
  id            uuid not null,
  user_id       uuid not null,
  project_id    uuid not null,
  session_id    uuid,
  agent_id      uuid not null,
  agent_version int not null,
  kind          varchar(20) not null check (kind in ('message', 'plan_task')),
  message_id    uuid,
  status        varchar(20) not null check (status in
                  ('queued', 'running', 'awaiting_approval', 'awaiting_runner',
                   'completed', 'failed', 'cancelled')),
  waiting_on    varchar(20) check (waiting_on in ('approval', 'runner', 'retry')),
  result        jsonb,
  attempts      int not null default 0,
  retries       int not null default 0,
  priority      int not null default 0,
  position      bigint not null,
  depends_on    uuid[] not null default '{}',
  unmet         int not null default 0 check (unmet >= 0),
  awaited       boolean not null default false,
  error         text,
  error_type    varchar(40),
  run_after     timestamptz not null default artel_now(),
  lease_owner   uuid,
  lease_until   timestamptz,
  fence         bigint not null default 0,
  claimed_at    timestamptz,
  stop_requested boolean not null default false,
  running_ms    bigint not null default 0,
  deadline_at   timestamptz,
  retry_of      uuid,
  steps_done    int not null default 0,
  usage         jsonb,
  created_at    timestamptz not null default artel_now(),
  started_at    timestamptz,
  completed_at  timestamptz,
  primary key (user_id, id),
  foreign key (user_id, project_id) references user_projects (user_id, id) on delete cascade,
  foreign key (user_id, session_id) references chat_sessions (user_id, id) on delete cascade,
  foreign key (user_id, agent_id) references user_agents (user_id, id) on delete cascade,
  foreign key (user_id, message_id) references messages (user_id, id) on delete set null (message_id),
  foreign key (user_id, retry_of) references tasks (user_id, id) on delete set null (retry_of),
  check ((status = 'running') = (lease_owner is not null)),
  check ((lease_owner is null) = (lease_until is null))
);
comment on column tasks.attempts is
  'Claims, without those that a stopping process handed back.';
comment on column tasks.retries is
  'How often the task was put off after a temporary error.';
comment on column tasks.unmet is
  'How many of the tasks that this one depends on have not completed.';
comment on column tasks.awaited is
  'Whether another task depends on this one.';
comment on column tasks.position is
  'Order within the session: the ordinal of the message that the task answers.';
create index tasks_session_status on tasks (user_id, session_id, status);
create index tasks_agent_status on tasks (user_id, agent_id, status);
create index tasks_status_created on tasks (user_id, status, created_at);
create index tasks_project on tasks (user_id, project_id);
create index tasks_message on tasks (user_id, message_id) where message_id is not null;
create index tasks_retry_of on tasks (user_id, retry_of) where retry_of is not null;
create index tasks_queue on tasks (user_id, agent_id, priority desc, run_after, id)
  where status = 'queued' and unmet = 0;
create index tasks_blocked on tasks (user_id) where unmet > 0;
create index tasks_ended on tasks (user_id, agent_id, completed_at) where completed_at is not null;
create index tasks_queued on tasks (run_after, priority) where status = 'queued';
create index tasks_leases on tasks (lease_until) where status = 'running';
call artel_protect('tasks');
call artel_dispatchable('tasks');
grant select (id, user_id, project_id, session_id, agent_id, agent_version, kind, status, attempts, retries,
              waiting_on, priority, position, unmet, run_after, lease_owner, lease_until, fence, running_ms,
              claimed_at, stop_requested, deadline_at, created_at, started_at),
      update (status, waiting_on, attempts, lease_owner, lease_until, fence, run_after, started_at, claimed_at,
              deadline_at, running_ms)
   on tasks to artel_dispatch;

alter table messages add foreign key (user_id, task_id)
  references tasks (user_id, id) on delete set null (task_id) deferrable initially deferred;
create index messages_task on messages (user_id, task_id) where task_id is not null;

alter table user_agents
  add column bus_state varchar(12) not null default 'registered'
    check (bus_state in ('registered', 'draining', 'leaving', 'left')),
  add column leave_by timestamptz;
comment on column user_agents.bus_state is
  'Whether the bus takes work for the agent: draining ends its queue first, leaving only what runs.';
create index user_agents_leaving on user_agents (user_id, id)
  where bus_state in ('draining', 'leaving');
grant select (bus_state, leave_by) on user_agents to artel_dispatch;

-- The processes that take work. Nothing of any user.
create table bus_nodes (
  id           uuid primary key,
  since        timestamptz not null default artel_now(),
  heartbeat_at timestamptz not null default artel_now(),
  active       int not null default 0,
  capacity     int not null
);
grant select, insert, update, delete on bus_nodes to artel_dispatch;
