import { Client } from "pg";
import type { CommandRow, EngineRow, EventRow, Fields, HistoryRow, Json, StateRow, World } from "./world.ts";

/** The state tables, named a second time on purpose. */
const kinds = [
  "organization",
  "person",
  "project",
  "persona",
  "persona_proposal",
  "playbook",
  "request",
  "plan",
  "task",
  "attempt",
  "review",
  "effect",
  "inbox_item",
  "decision",
  "clock",
  "deliverable",
  "calendar",
  "delegation",
  "policy",
  "principle",
  "script",
  "objective",
  "team",
  "channel",
  "saved_view",
  "halt",
  "agent",
  "provider",
  "turn",
  "budget",
  "reservation",
  "capability",
  "standing_grant",
  "tool_pin",
  "tool_server",
  "outside_tool",
  "tool_call",
  "price",
  "suite",
  "qualification",
  "autonomy",
  "candidacy",
  "provider_pace",
  "notice",
  "comment",
  "fact",
  "recurrence",
  "entity_type",
  "entity",
  "tag",
  "relation",
  "epic",
  "sprint",
] as const;

const statuses: { readonly [status: string]: EngineRow["status"] } = {
  ENQUEUED: "queued",
  DELAYED: "queued",
  PENDING: "running",
  SUCCESS: "done",
  ERROR: "failed",
  MAX_RECOVERY_ATTEMPTS_EXCEEDED: "failed",
  CANCELLED: "cancelled",
};

type Row = { readonly [column: string]: Json };

const camelCase = (column: string): string => column.replaceAll(/_(?<letter>[a-z])/gu, (_, letter: string) => letter.toUpperCase());

const bookkeeping = new Set(["organization_id", "project_id", "id", "version", "event_count", "body"]);

const text = (row: Row, column: string): string => {
  const value = row[column];
  return typeof value === "string" ? value : String(typeof value === "number" ? value : "");
};

/** Columns and body together, by camelCase names: what the program calls the row's fields. */
function fieldsOf(row: Row): Fields {
  const columns = Object.entries(row).filter(([column]) => !bookkeeping.has(column));
  const { body = null } = row;
  const rest = body !== null && typeof body === "object" && !Array.isArray(body) ? (body as Fields) : {};
  return { ...rest, ...Object.fromEntries(columns.map(([column, value]) => [camelCase(column), value])) };
}

const stateRow = (kind: string, row: Row): StateRow => ({
  organizationId: text(row, "organization_id"),
  projectId: typeof row["project_id"] === "string" ? row["project_id"] : null,
  kind,
  id: text(row, "id"),
  version: Number(row["version"]),
  eventCount: Number(row["event_count"]),
  fields: fieldsOf(row),
});

async function rows(client: Client, statement: string): Promise<readonly Row[]> {
  const { rows: found } = await client.query<{ row: Row }>(statement);
  return found.map(({ row }) => row);
}

async function readHistory(client: Client): Promise<readonly HistoryRow[]> {
  const found = await rows(client, "select to_jsonb(h) as row from xvc.history h order by h.organization_id, h.kind, h.id, h.version");
  return found.map((row) => ({
    ...stateRow(text(row, "kind"), row["row"] as Row), // the trigger stores the whole row as an object
    organizationId: text(row, "organization_id"),
    projectId: typeof row["project_id"] === "string" ? row["project_id"] : null,
    version: Number(row["version"]),
    operation: text(row, "operation") as HistoryRow["operation"], // a check constraint names the three
    recordedAtMs: Number(row["recorded_at_ms"]),
    actorKind: text(row, "actor_kind"),
    actorId: text(row, "actor_id"),
    cause: text(row, "cause"),
  }));
}

async function readEvents(client: Client): Promise<readonly EventRow[]> {
  const found = await rows(
    client,
    "select to_jsonb(e) || jsonb_build_object('txid', e.txid::text) as row from xvc.event e order by e.txid, e.position",
  );
  return found.map((row) => ({
    organizationId: text(row, "organization_id"),
    projectId: typeof row["project_id"] === "string" ? row["project_id"] : null,
    transaction: text(row, "txid"),
    position: Number(row["position"]),
    subjectKind: text(row, "subject_kind"),
    subjectId: text(row, "subject_id"),
    number: Number(row["number"]),
    kind: text(row, "kind"),
    actorKind: text(row, "actor_kind"),
    actorId: text(row, "actor_id"),
    cause: text(row, "cause"),
    atMs: Number(row["at_ms"]),
    recordedAtMs: Number(row["recorded_at_ms"]),
    data: row["data"] as Fields, // the column holds objects only
  }));
}

async function readCommands(client: Client): Promise<readonly CommandRow[]> {
  const found = await rows(client, "select to_jsonb(c) as row from xvc.command c order by c.recorded_at_ms, c.key");
  return found.map((row) => ({
    organizationId: text(row, "organization_id"),
    projectId: typeof row["project_id"] === "string" ? row["project_id"] : null,
    key: text(row, "key"),
    kind: text(row, "kind"),
    bodySha256: text(row, "body_sha256"),
    outcome: row["outcome"] as Fields, // the engine writes objects only
    recordedAtMs: Number(row["recorded_at_ms"]),
  }));
}

/** Finished engine rows are swept away after a while, so what is missing here is finished. Null: this role may not look. */
async function readEngine(client: Client): Promise<readonly EngineRow[] | null> {
  const { rows: allowed } = await client.query<{ may: boolean | null }>(
    "select to_regclass('dbos.workflow_status') is not null and has_table_privilege('dbos.workflow_status', 'select') as may",
  );
  if (allowed[0]?.may !== true) return null;
  const found = await rows(
    client,
    "select jsonb_build_object('id', workflow_uuid, 'status', status, 'executor', executor_id) as row from dbos.workflow_status",
  );
  return found.map((row) => ({
    id: text(row, "id"),
    status: statuses[text(row, "status")] ?? "failed",
    executorId: typeof row["executor"] === "string" ? row["executor"] : null,
  }));
}

/** Reads everything at one snapshot, as the role that sees every organization and writes nothing. @param settled see `World` */
export async function readPostgres(url: string, settled: boolean): Promise<World> {
  const client = new Client({ connectionString: url, application_name: "xvc verify" });
  await client.connect();
  try {
    await client.query("begin transaction isolation level repeatable read read only");
    const states: StateRow[] = [];
    for (const kind of kinds)
      states.push(
        ...(await rows(client, `select to_jsonb(t) as row from xvc.${kind} t order by t.organization_id, t.id`)).map((row) =>
          stateRow(kind, row),
        ),
      );
    const { rows: clock } = await client.query<{ at_ms: string }>(
      "select floor(extract(epoch from clock_timestamp()) * 1000)::bigint::text as at_ms",
    );
    const world: World = {
      format: "xvc.world/1",
      readAtMs: Number(clock[0]?.at_ms ?? "0"),
      settled,
      rows: states,
      history: await readHistory(client),
      events: await readEvents(client),
      commands: await readCommands(client),
      engine: await readEngine(client),
    };
    await client.query("commit");
    return world;
  } finally {
    await client.end();
  }
}
