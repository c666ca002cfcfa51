import type { Client } from "pg";
import type { RunningProgram } from "./program.ts";

/** Fills the lists by SQL, past the commands: rows as a real request and its plan left them, thousands of times. */
export interface Seeding {
  readonly requests: number;
  readonly tasksPerRequest: number;
}

/** Files the one real request of which the others are copies. */
export async function fileTemplate({ file }: RunningProgram): Promise<void> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${file.token}` };
  const answer = await fetch(`${file.url}/api/requests`, { method: "POST", headers, body: JSON.stringify({ text: "The first of many" }) });
  if (!answer.ok) throw new Error(`the request was not taken: ${answer.status} ${await answer.text()}`);
}

const number = "lpad(to_hex(i), 12, '0')";

/** The states in the shares of an organization that has worked for a year. */
const requestState = `(array['delivered','closed','delivered','closed','delivered','active','active','awaiting-approval','paused','cancelled'])[1 + i % 10]`;
const taskState = `(array['integrated','integrated','passed','integrated','integrated','waiting','ready','running','in-review','blocked'])[1 + (i + k) % 10]`;

const specOfTask = {
  task: "draft",
  title: "Draft the part",
  persona: "contributor",
  executor: "human",
  dependencies: [],
  outputs: ["draft.md"],
  acceptance: [{ id: "a1", statement: "It is there.", check: { kind: "output", output: "draft.md" } }],
  skills: [],
  tools: [],
  inputs: [],
  estimate: { lowHours: 1, likelyHours: 4, highHours: 16 },
  costMicro: 0,
  risk: "low",
  origin: "person",
  review: "checks",
  maxAttempts: 3,
};

const taskBody = {
  title: "Draft the part of the portal that shows invoices",
  stateSinceMs: 1_750_000_000_000,
  spec: specOfTask,
  dependsOn: [],
  dependents: [],
  blockedBy: null,
  blockers: [],
  performer: { kind: "persona", id: "contributor" },
  executor: "human",
  assignment: null,
  attemptId: null,
  attemptNumber: 0,
  attemptCount: 0,
  round: 0,
  reworkPoints: [],
  answers: [],
  excludedPerformers: [],
  outputs: [],
  costMicro: 0,
  readyAtMs: null,
  startedAtMs: null,
  acceptedAtMs: null,
};

const planBody = {
  title: "Portal",
  origin: { kind: "person", name: "bench", edited: false, authorId: null },
  taskCount: 10,
  costMicro: 0,
  currency: "EUR",
  forecast: null,
  documentSha256: "0".repeat(64),
  deliverable: [],
  estimatedTimeline: "",
  resourceRequirements: {},
  proposedAtMs: 1_750_000_000_000,
  decidedAtMs: 1_750_000_000_000,
};

/** Seeds as the superuser, without triggers: what is measured is reading. */
export async function seedLists(client: Client, { requests, tasksPerRequest }: Seeding): Promise<void> {
  await client.query("set session_replication_role = replica");
  await client.query(
    `insert into xvc.request (organization_id, project_id, id, version, event_count, number, title, state, epoch, requester_id, rehearsal, state_since_ms, body)
     select t.organization_id, t.project_id, ('0193f0a0-0000-7000-8000-' || ${number})::uuid, 1, 0, 1000 + i,
            'Build customer portal ' || i || ' with invoices and contracts', ${requestState}, 0, t.requester_id, false, 1750000000000 + (i * 7919) % 100000000,
            t.body || jsonb_build_object('urgency', case when i % 20 = 0 then 'high' else 'normal' end,
                                         'deadlineAtMs', case when i % 3 = 0 then 1790000000000 + (i * 104729) % 1000000000 end,
                                         'planId', ('0193f0a0-0000-7001-8000-' || ${number})::uuid)
       from (select * from xvc.request order by number limit 1) t, generate_series(1, $1::integer) i`,
    [requests],
  );
  await client.query(
    `insert into xvc.plan (organization_id, project_id, id, version, event_count, request_id, number, state, open_sinks, body)
     select t.organization_id, t.project_id, ('0193f0a0-0000-7001-8000-' || ${number})::uuid, 1, 0, ('0193f0a0-0000-7000-8000-' || ${number})::uuid, 1, 'approved', 1, $2::jsonb
       from (select * from xvc.request order by number limit 1) t, generate_series(1, $1::integer) i`,
    [requests, JSON.stringify(planBody)],
  );
  await client.query(
    `insert into xvc.task (organization_id, project_id, id, version, event_count, request_id, plan_id, key, ordinal, state, waiting_on, body)
     select t.organization_id, t.project_id, ('0193f0a0-0000-7002-8000-' || lpad(to_hex(i * 16 + k), 12, '0'))::uuid, 1, 0,
            ('0193f0a0-0000-7000-8000-' || ${number})::uuid, ('0193f0a0-0000-7001-8000-' || ${number})::uuid, 'part_' || k, k, ${taskState}, 0,
            $3::jsonb || case when i % 500 = 0 and (i + k) % 10 = 7 then jsonb_build_object('performer', jsonb_build_object('kind', 'person', 'id', t.requester_id)) else '{}'::jsonb end
       from (select * from xvc.request order by number limit 1) t, generate_series(1, $1::integer) i, generate_series(1, $2::integer) k`,
    [requests, tasksPerRequest, JSON.stringify(taskBody)],
  );
  await client.query("analyze xvc.request, xvc.task");
  await seedQuestions(client);
  await seedPast(client, requests);
  for (const kind of ["request", "task"] as const) await client.query(indexed(kind));
  await client.query("set session_replication_role = origin");
  await client.query("vacuum analyze");
}

/** What the triggers of the search would have written. */
const indexed = (kind: "request" | "task"): string => `
  insert into xvc.search_entry (organization_id, project_id, kind, id, version, recorded_from_ms, person_ids, words)
  select r.organization_id, r.project_id, '${kind}', r.id, r.version, 1750000000000, t.person_ids, xvc.search_words(t)
    from xvc.${kind} r cross join lateral xvc.search_source('${kind}', to_jsonb(r)) t
   where t.title is not null and not exists (select from xvc.search_entry e where e.id = r.id and e.kind = '${kind}')`;

/** An open question for each request, to four kinds of people and with an amount of its own; two decisions that were made before it. */
async function seedQuestions(client: Client): Promise<void> {
  await client.query(
    `insert into xvc.inbox_item (organization_id, project_id, id, version, event_count, kind, request_id, subject_id, state, due_at_ms, body)
     select r.organization_id, r.project_id, ('0193f0a0-0000-7003-8000-' || right(r.id::text, 12))::uuid, 1, 0, 'approval', r.id,
            ('0193f0a0-0000-7001-8000-' || right(r.id::text, 12))::uuid, 'open', 1900000000000 + r.number,
            $1::jsonb || jsonb_build_object('amountMicro', r.number * 1000, 'roles', (array[
              '["administrator","director","lead"]', '["auditor"]', '["lead"]', '["director"]'])[1 + r.number % 4]::jsonb)
       from xvc.request r where r.id >= '0193f0a0-0000-7000-8000-000000000000' and r.id < '0193f0a0-0000-7000-9000-000000000000'`,
    [JSON.stringify(itemBody)],
  );
  await client.query(
    `insert into xvc.decision (organization_id, project_id, id, version, event_count, request_id, subject_id, state, body)
     select i.organization_id, i.project_id, ('0193f0a0-000' || k || '-7004-8000-' || right(i.id::text, 12))::uuid, 1, 0, i.request_id, i.subject_id, 'made',
            $1::jsonb || jsonb_build_object('deciderId', r.requester_id)
       from xvc.inbox_item i join xvc.request r on r.id = i.request_id, generate_series(1, 2) k`,
    [JSON.stringify(decisionBody)],
  );
}

/** When a request's facts happened, the last filed the latest. */
const happened = "(extract(epoch from now()) * 1000)::bigint - ((1001 + $2::integer - r.number) * 500000::bigint)";

/** What happened in the last sixty days, evenly: five events of each request, two of each task; and what the person handed in. */
async function seedPast(client: Client, requests: number): Promise<void> {
  const columns = `(organization_id, project_id, subject_kind, subject_id, number, kind, actor_kind, actor_id, cause, at_ms, recorded_at_ms, data)`;
  // A hundred transactions, as the log's order is theirs.
  for (let part = 0; part < 100; part += 1) {
    await client.query(
      `insert into xvc.event ${columns}
       select r.organization_id, r.project_id, 'request', r.id, 100 + k,
              (array['request.analysing','request.planning','request.active','request.delivered','decision.answered'])[k],
              case when k = 5 then 'person' else 'system' end, case when k = 5 then r.requester_id::text else 'bench' end, 'bench', t.at_ms, t.at_ms,
              jsonb_build_object('from', (array['submitted','analysing','planning','active','x'])[k], 'msInState', r.number * 1000, 'msWaited', r.number * 2000)
         from xvc.request r, generate_series(1, 5) k, lateral (select ${happened} + k as at_ms) t
        where r.number > 1000 and (r.number - 1001) * 100 / $2::integer = $1::integer order by r.number, k`,
      [part, requests],
    );
    await client.query(
      `insert into xvc.event ${columns}
       select t.organization_id, t.project_id, 'task', t.id, k, (array['gate.decided','task.accepted'])[k], 'system', 'bench', 'bench', w.at_ms, w.at_ms,
              jsonb_build_object('requestId', t.request_id, 'performer', 'persona:contributor', 'round', 1 + t.ordinal % 2, 'verdict', case when t.ordinal % 7 = 0 then 'rework' else 'pass' end)
         from xvc.request r join xvc.task t on t.request_id = r.id, generate_series(1, 2) k, lateral (select ${happened} + 10 + t.ordinal as at_ms) w
        where r.number > 1000 and (r.number - 1001) * 100 / $2::integer = $1::integer order by r.number, t.ordinal, k`,
      [part, requests],
    );
  }
  await client.query(
    `insert into xvc.attempt (organization_id, project_id, id, version, event_count, task_id, request_id, number, state, epoch, body)
     select t.organization_id, t.project_id, ('0193f0a0-0000-7005-8000-' || right(t.id::text, 12))::uuid, 1, 0, t.id, t.request_id, 1, 'submitted', 0,
            $1::jsonb || jsonb_build_object('performer', jsonb_build_object('kind', 'person', 'id', r.requester_id))
       from xvc.task t join xvc.request r on r.id = t.request_id where t.ordinal = 1`,
    [JSON.stringify(attemptBody)],
  );
}

const attemptBody = {
  executor: "human",
  handOvers: 0,
  startedAtMs: 1_750_000_000_000,
  endedAtMs: 1_750_000_900_000,
  interpretation: "",
  reworkPoints: [],
  pointAnswers: {},
  outputs: [],
  checks: [],
  costMicro: 0,
  failure: null,
  notes: [],
};

const decisionBody = {
  subjectKind: "plan",
  question: "Approve plan 1?",
  options: [{ id: "approve", label: "Approve" }],
  choice: "approve",
  rationale: "It covers what was asked for.",
  evidence: {},
  authority: "role:lead, by members-with-a-role@1",
  soloWaiver: false,
  madeAtMs: 1_750_000_000_000,
  reviewAtMs: null,
  outcome: null,
  supersedesId: null,
  supersededById: null,
  origin: "flow",
  projectId: null,
  topic: null,
  confidence: null,
  links: [],
  validFromMs: 1_750_000_000_000,
  validToMs: null,
};

const itemBody = {
  subjectKind: "plan",
  title: "Approve plan 1?",
  detail: "",
  ruleId: "plan.approval-required",
  choices: [{ id: "approve", label: "Approve", needs: "nothing" }],
  risk: "low",
  roles: ["administrator", "director", "lead"],
  excludedPersonIds: [],
  delegateId: null,
  evidence: {},
  askedAtMs: 1_750_000_000_000,
  defaultChoice: null,
  answer: null,
};
