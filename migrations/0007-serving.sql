-- Which objective a request serves, so that an objective's page finds its requests by an index; and which requests are samples.
alter table xvc.request
  add column objective_id text generated always as (body ->> 'objectiveId') stored,
  add column sample text generated always as (body ->> 'sample') stored;
create index request_sample on xvc.request (organization_id, project_id, id) where sample is not null;
create index request_objective on xvc.request (organization_id, project_id, objective_id, id) where objective_id is not null;
