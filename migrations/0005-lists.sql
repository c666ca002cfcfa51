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

-- By what it is decided who may answer an item, as one text: whoever asks what waits for them reads it once for each kind of question.
-- `audienceText` in src/core/oversight/audience.ts builds the same.
alter table xvc.inbox_item add column audience text generated always as (
  '["' || kind || '", ' || coalesce((body -> 'subjectKind')::text, 'null') || ', ' || coalesce((body -> 'ruleId')::text, 'null')
  || ', ' || coalesce((body -> 'risk')::text, 'null') || ', ' || coalesce((body -> 'roles')::text, 'null')
  || ', ' || coalesce((body -> 'personIds')::text, 'null') || ', ' || coalesce((body -> 'excludedPersonIds')::text, 'null')
  || ', ' || coalesce((body -> 'delegateId')::text, 'null') || ', ' || coalesce((body -> 'divisions')::text, 'null')
  || ', ' || coalesce((body -> 'effectKind')::text, 'null') || ', ' || coalesce((body -> 'alwaysReview')::text, 'null')
  || ', ' || coalesce((body -> 'amountMicro')::text, 'null') || ']') stored;

alter table xvc.attempt add column performer_key text generated always as ((body -> 'performer' ->> 'kind') || ':' || (body -> 'performer' ->> 'id')) stored;
create index attempt_performer on xvc.attempt (organization_id, project_id, performer_key, id) where performer_key is not null;

-- When a thing was asked and when a person answered it: the load of decisions is reckoned from thousands of items, none of whose bodies it needs.
alter table xvc.inbox_item add column asked_at_ms bigint generated always as ((body ->> 'askedAtMs')::bigint) stored;
alter table xvc.inbox_item add column answered_at_ms bigint generated always as ((body -> 'answer' ->> 'atMs')::bigint) stored;

-- Removed people whose work has not gone back to others yet: few, for a short time, looked for by every sweep.
alter table xvc.person add column work_returned text generated always as (body ->> 'workReturned') stored;
create index person_removal on xvc.person (organization_id, id) where state = 'removed' and work_returned = 'false';

-- A question to people as a digest of whom it is for, without its amount: few among thousands of open items, and never too long for an
-- index. Who asks what waits for them judges each question once, then finds the requests that wait by this index alone.
alter table xvc.inbox_item add column question text generated always as (md5(
  '["' || kind || '", ' || coalesce((body -> 'subjectKind')::text, 'null') || ', ' || coalesce((body -> 'ruleId')::text, 'null')
  || ', ' || coalesce((body -> 'risk')::text, 'null') || ', ' || coalesce((body -> 'roles')::text, 'null')
  || ', ' || coalesce((body -> 'personIds')::text, 'null') || ', ' || coalesce((body -> 'excludedPersonIds')::text, 'null')
  || ', ' || coalesce((body -> 'delegateId')::text, 'null') || ', ' || coalesce((body -> 'divisions')::text, 'null')
  || ', ' || coalesce((body -> 'effectKind')::text, 'null') || ', ' || coalesce((body -> 'alwaysReview')::text, 'null'))) stored;
create index inbox_item_open on xvc.inbox_item (organization_id, project_id, request_id, question, id) where state in ('open', 'delegated');
