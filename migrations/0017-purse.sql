-- The purse: what may be spent, what is reserved for calls on their way, and what calls cost. Same rules as 0002: whole keys, id first,
-- a typed column for every field that is queried, everything else in `body`. docs/decisions/0020-reserve-before-the-call.md

-- One row for each scope and period, with its own count: a look at the rows of a call's scopes says whether it fits.
create table xvc.budget (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  scope text not null,
  -- The id of a row, a key or a name; empty: the organization, or each request.
  scope_id text not null,
  period text not null,
  state text not null,
  body jsonb not null,
  primary key (id, organization_id),
  constraint budget_scope unique (organization_id, scope, scope_id, period)
);
-- The budgets that cover a call are found by their scopes' ids.
create index budget_scope_id on xvc.budget (organization_id, scope_id) where state = 'in-force';

create table xvc.reservation (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  state text not null,
  request_id uuid,
  task_id uuid,
  attempt_id uuid,
  expires_at_ms bigint not null,
  body jsonb not null,
  primary key (id, organization_id)
);
create index reservation_open on xvc.reservation (organization_id, expires_at_ms) where state = 'open';
create index reservation_request on xvc.reservation (organization_id, request_id, id) where request_id is not null;
create index reservation_attempt on xvc.reservation (organization_id, attempt_id, id) where attempt_id is not null;

-- What a model costs from an instant on. What was booked by an earlier price stays booked.
create table xvc.price (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  provider text not null,
  model text not null,
  from_ms bigint not null,
  body jsonb not null,
  primary key (id, organization_id),
  constraint price_from unique (organization_id, provider, model, from_ms)
);

-- What goes through to a provider now, who waits for room, and what its vendor told.
create table xvc.provider_pace (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  provider_id uuid not null,
  body jsonb not null,
  primary key (id, organization_id),
  constraint provider_pace_provider unique (organization_id, provider_id)
);

do $$
declare
  name text;
begin
  foreach name in array array['budget', 'reservation', 'price', 'provider_pace']
  loop
    call xvc.protect_state_table(name);
  end loop;
end $$;
