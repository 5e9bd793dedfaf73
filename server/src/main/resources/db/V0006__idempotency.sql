create table idempotency_keys (
  user_id       uuid not null references users (id) on delete cascade,
  method        varchar(10) not null,
  path          varchar(500) not null,
  key           varchar(255) not null,
  request_hash  bytea not null,
  status        int,
  response      text,
  resource_type varchar(50),
  resource_id   uuid,
  lease_until   timestamptz,
  expires_at    timestamptz not null,
  created_at    timestamptz not null default artel_now(),
  primary key (user_id, method, path, key)
);
create index idempotency_keys_expiry on idempotency_keys (expires_at);
call artel_protect('idempotency_keys');
call artel_dispatchable('idempotency_keys');
grant select (user_id, status, lease_until, expires_at), delete on idempotency_keys to artel_dispatch;

update artel_schema set version = 6, min_reader = 6;
