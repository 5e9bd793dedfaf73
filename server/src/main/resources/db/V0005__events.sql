create table event_heads (
  user_id    uuid not null,
  project_id uuid not null,
  session_id uuid,
  next       bigint not null,
  last_at    timestamptz not null,
  constraint event_heads_scope unique nulls not distinct (user_id, project_id, session_id),
  foreign key (user_id, project_id) references user_projects (user_id, id) on delete cascade,
  foreign key (user_id, session_id) references chat_sessions (user_id, id) on delete cascade
) with (fillfactor = 50);
comment on table event_heads is
  'The counters: the next number of a project''s feed (no session) and of each session.';
create index event_heads_session on event_heads (user_id, session_id) where session_id is not null;
call artel_protect('event_heads');

create table event_logs (
  event_id       uuid not null,
  user_id        uuid not null,
  project_id     uuid not null,
  session_id     uuid,
  agent_id       uuid,
  event_type     varchar(100) not null,
  aggregate_type varchar(50) not null,
  aggregate_id   uuid not null,
  payload        jsonb not null,
  seq            bigint,
  project_seq    bigint not null,
  created_at     timestamptz not null,
  primary key (user_id, event_id),
  unique (user_id, project_id, project_seq),
  foreign key (user_id, project_id) references user_projects (user_id, id) on delete cascade,
  foreign key (user_id, session_id) references chat_sessions (user_id, id) on delete cascade,
  foreign key (user_id, agent_id) references user_agents (user_id, id) on delete set null (agent_id),
  check ((session_id is null) = (seq is null))
);
create unique index event_logs_session_seq on event_logs (user_id, session_id, seq)
  where session_id is not null;
create index event_logs_project_created on event_logs (user_id, project_id, created_at);
create index event_logs_agent on event_logs (user_id, agent_id) where agent_id is not null;
create index event_logs_created on event_logs (created_at);
create index event_logs_agents on event_logs (created_at)
  where event_type in ('agent_updated', 'agent_deleted');
call artel_protect('event_logs');
call artel_dispatchable('event_logs');
grant select (event_id, user_id, project_id, session_id, agent_id, event_type, seq, project_seq, created_at),
      delete
   on event_logs to artel_dispatch;

create table event_failures (
  user_id       uuid not null,
  event_id      uuid not null,
  attempts      int not null,
  next_retry_at timestamptz,
  last_error    varchar(200) not null,
  primary key (user_id, event_id),
  foreign key (user_id, event_id) references event_logs (user_id, event_id) on delete cascade
);
comment on column event_failures.next_retry_at is 'null: given up, waits for a person';
call artel_protect('event_failures');
call artel_dispatchable('event_failures');
grant select (user_id, event_id, attempts, next_retry_at) on event_failures to artel_dispatch;

create view event_outbox with (security_invoker = true) as
  select e.event_id as id, e.aggregate_type, e.aggregate_id, e.user_id, e.project_id, e.session_id,
         e.agent_id, e.event_type, e.payload,
         case when f.event_id is null then 'published'
              when f.next_retry_at is null then 'failed'
              else 'pending' end as status,
         coalesce(f.attempts, 0) as retry_count, f.next_retry_at, e.created_at, f.last_error
    from event_logs e
    left join event_failures f on f.user_id = e.user_id and f.event_id = e.event_id;
grant select on event_outbox to artel_app;
