-- What every later file builds on: the clock, the tenant of a transaction, the walls around a
-- table, and the people. Runs as artel_owner, which is no superuser.

create table artel_schema (
  version    int not null,
  min_reader int not null
);
comment on table artel_schema is
  'One row: the schema''s version, and the oldest service version of it that may still run on it.';
insert into artel_schema values (1, 1);
grant select on artel_schema to artel_app, artel_dispatch;

grant usage on schema public to artel_app, artel_dispatch;

-- All present times come from here; only tests set artel.now.
create function artel_now() returns timestamptz language sql stable parallel safe as $$
  select coalesce(nullif(current_setting('artel.now', true), '')::timestamptz, clock_timestamp())
$$;

-- The user of this transaction, or null: then no row of any tenant table is visible.
create function artel_user() returns uuid language sql stable parallel safe as $$
  select nullif(current_setting('artel.user_id', true), '')::uuid
$$;

-- The second wall: a table whose rows belong to users shows and takes only those of the
-- transaction's user, also when its owner asks.
create procedure artel_protect(tenant_table regclass, user_column text default 'user_id')
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', tenant_table);
  execute format('alter table %s force row level security', tenant_table);
  execute format(
    'create policy tenant on %s to artel_app using (%I = artel_user()) with check (%I = artel_user())',
    tenant_table, user_column, user_column);
  execute format('grant select, insert, update, delete on %s to artel_app', tenant_table);
end
$$;

-- Lets the dispatch role see rows of all users in a table, in the columns that are granted to it.
create procedure artel_dispatchable(tenant_table regclass)
language plpgsql as $$
begin
  execute format('create policy dispatch on %s to artel_dispatch using (true) with check (true)',
    tenant_table);
end
$$;

create table users (
  id         uuid primary key,
  email      varchar(255),
  created_at timestamptz not null default artel_now()
);
create unique index users_email on users (lower(email)) where email is not null;
call artel_protect('users', 'id');

-- Looked up before a user is known, hence without one.

create table deleted_users (
  user_id       uuid primary key,
  issued_before timestamptz not null
);
grant select, insert, update on deleted_users to artel_app;

create table revoked_tokens (
  id            uuid primary key,
  jti           varchar(255) unique,
  user_id       uuid unique,
  issued_before timestamptz,
  expires_at    timestamptz,
  revoked_at    timestamptz not null default artel_now(),
  check ((jti is null) <> (user_id is null)),
  check ((user_id is null) = (issued_before is null))
);
create index revoked_tokens_expiry on revoked_tokens (expires_at);
create index revoked_tokens_recent on revoked_tokens (revoked_at);
grant select, insert, update on revoked_tokens to artel_app;
grant select (id, expires_at), delete on revoked_tokens to artel_dispatch;

create table sign_in_codes (
  code_hash  bytea primary key,
  user_id    uuid not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index sign_in_codes_user on sign_in_codes (user_id);
grant select, insert, update, delete on sign_in_codes to artel_app;
grant select (expires_at), delete on sign_in_codes to artel_dispatch;

create table refresh_tokens (
  token_hash bytea primary key,
  family     uuid not null,
  user_id    uuid not null,
  scopes     text[] not null default '{}',
  expires_at timestamptz not null,
  used_at    timestamptz,
  created_at timestamptz not null default artel_now()
);
create index refresh_tokens_family on refresh_tokens (family);
create index refresh_tokens_user on refresh_tokens (user_id);
grant select, insert, update, delete on refresh_tokens to artel_app;
grant select (expires_at), delete on refresh_tokens to artel_dispatch;
