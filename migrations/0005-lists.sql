-- What lists are filtered by and ordered by besides the columns of 0002: computed from `body` by the database itself, so that no
-- writer has to keep two places the same. Indexes begin as the row security does; a list of one project reads one range.

alter table xvc.request add column urgency text generated always as (body ->> 'urgency') stored;
alter table xvc.request add column deadline_at_ms bigint generated always as ((body ->> 'deadlineAtMs')::bigint) stored;
create index request_urgency on xvc.request (organization_id, project_id, urgency, id) where urgency <> 'normal';
create index request_since on xvc.request (organization_id, project_id, state_since_ms, id);
create index request_deadline on xvc.request (organization_id, project_id, deadline_at_ms, id) where deadline_at_ms is not null;

alter table xvc.task add column executor text generated always as (body ->> 'executor') stored;
alter table xvc.task add column performer_key text generated always as ((body -> 'performer' ->> 'kind') || ':' || (body -> 'performer' ->> 'id')) stored;
create index task_performer on xvc.task (organization_id, project_id, performer_key, state, id) where performer_key is not null;
-- What people may claim: few of many ready tasks.
create index task_offered on xvc.task (organization_id, project_id, id) where state = 'ready' and executor = 'human';

alter table xvc.attempt add column performer_key text generated always as ((body -> 'performer' ->> 'kind') || ':' || (body -> 'performer' ->> 'id')) stored;
create index attempt_performer on xvc.attempt (organization_id, project_id, performer_key, id) where performer_key is not null;
