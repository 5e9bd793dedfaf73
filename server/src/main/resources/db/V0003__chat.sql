create table chat_sessions (
  id                  uuid not null,
  user_id             uuid not null,
  project_id          uuid not null,
  title               varchar(200),
  title_set           boolean not null default false,
  pinned              boolean not null default false,
  archived            boolean not null default false,
  forked_from_session uuid,
  forked_from_message uuid,
  created_at          timestamptz not null default artel_now(),
  updated_at          timestamptz not null default artel_now(),
  primary key (user_id, id),
  foreign key (user_id, project_id) references user_projects (user_id, id) on delete cascade,
  foreign key (user_id, forked_from_session) references chat_sessions (user_id, id)
    on delete set null (forked_from_session)
);
create index chat_sessions_project_created on chat_sessions (user_id, project_id, created_at);
create index chat_sessions_project_updated on chat_sessions (user_id, project_id, pinned desc, updated_at desc, id);
create index chat_sessions_forked on chat_sessions (user_id, forked_from_session)
  where forked_from_session is not null;
call artel_protect('chat_sessions');

create table messages (
  id              uuid not null,
  user_id         uuid not null,
  project_id      uuid not null,
  session_id      uuid not null,
  ordinal         bigint not null,
  role            varchar(20) not null check (role in ('user', 'assistant', 'system')),
  content         text not null,
  payload         jsonb,
  agent_id        uuid,
  agent_name      varchar(100),
  target_agent    varchar(400),
  mode            varchar(20) check (mode in ('direct', 'orchestrated')),
  status          varchar(20) not null
                  check (status in ('queued', 'processing', 'done', 'failed', 'cancelled')),
  error           text,
  error_type      varchar(40),
  task_id         uuid,
  user_message_id uuid,
  edited_from     uuid,
  superseded_by   uuid,
  client_ref      varchar(64),
  provider        varchar(100),
  model           varchar(200),
  demo            boolean,
  usage           jsonb,
  latency         jsonb,
  finish_reason   varchar(20)
                  check (finish_reason in ('stop', 'length', 'cancelled', 'limit', 'error')),
  context_used    int,
  attempt         int,
  search          tsvector generated always as (
                    to_tsvector('russian'::regconfig, left(content, 100000))
                    || to_tsvector('english'::regconfig, left(content, 100000))) stored,
  created_at      timestamptz not null default artel_now(),
  primary key (user_id, id),
  unique (user_id, session_id, ordinal),
  foreign key (user_id, session_id) references chat_sessions (user_id, id) on delete cascade,
  foreign key (user_id, project_id) references user_projects (user_id, id) on delete cascade,
  foreign key (user_id, agent_id) references user_agents (user_id, id) on delete set null (agent_id),
  foreign key (user_id, user_message_id) references messages (user_id, id)
    on delete set null (user_message_id) deferrable initially deferred,
  foreign key (user_id, edited_from) references messages (user_id, id)
    on delete set null (edited_from) deferrable initially deferred,
  foreign key (user_id, superseded_by) references messages (user_id, id)
    on delete set null (superseded_by) deferrable initially deferred
);
create index messages_session_created on messages (user_id, session_id, created_at);
create index messages_agent_created on messages (user_id, agent_id, created_at);
create index messages_project on messages (user_id, project_id);
create index messages_question on messages (user_id, user_message_id) where user_message_id is not null;
create index messages_edited_from on messages (user_id, edited_from) where edited_from is not null;
create index messages_superseded_by on messages (user_id, superseded_by) where superseded_by is not null;
create index messages_search on messages using gin (search);
call artel_protect('messages');

alter table chat_sessions add foreign key (user_id, forked_from_message)
  references messages (user_id, id) on delete set null (forked_from_message);
create index chat_sessions_forked_message on chat_sessions (user_id, forked_from_message)
  where forked_from_message is not null;

create table message_drafts (
  user_id    uuid not null,
  task_id    uuid not null,
  message_id uuid not null,
  session_id uuid not null,
  agent_id   uuid,
  attempt    int not null,
  content    text not null default '',
  thinking   text not null default '',
  updated_at timestamptz not null default artel_now(),
  primary key (user_id, task_id),
  foreign key (user_id, session_id) references chat_sessions (user_id, id) on delete cascade
);
comment on table message_drafts is
  'The answer that a task is writing: its id, fixed when the task is first taken up, and its text so far.';
create index message_drafts_session on message_drafts (user_id, session_id);
call artel_protect('message_drafts');
