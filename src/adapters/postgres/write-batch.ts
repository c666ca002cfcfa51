import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { Change, EventDraft } from "../../core/shared/transition.ts";
import type { WriteContext } from "../../engine/ports/store.ts";
import { checkFixed } from "../../engine/ports/entity-tables.ts";
import { type SealingKeys, sealedRow } from "./personal-rows.ts";
import { tableOf, toRecord } from "./row-mapping.ts";
import type { StateTable } from "./row-mapping.ts";
import type { Row, Session } from "./session.ts";
import { identifier, joined, prepared, sql } from "./sql.ts";
import type { Statement } from "./sql.ts";

/** One statement with the number of rows it must write. */
export interface BatchStatement {
  readonly statement: Statement;
  readonly rows: number;
  readonly what: string;
}

/** Rows of one statement. A kept plan may join its rows by looking at each pair: ten thousand at once took half a minute. */
const maxRows = 500;

const chunks = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / maxRows) }, (_, at) => items.slice(at * maxRows, (at + 1) * maxRows));

/**
 * One INSERT and one UPDATE per kind and 500 rows: parents before children, rows in id order.
 *
 * @throws {Failure} `store.outside-scope`: a project row in a command without a project
 */
export function changeStatements(context: WriteContext, changes: readonly Change[], sealing: SealingKeys): readonly BatchStatement[] {
  for (const change of changes) checkFixed(tableOf(change.kind).described, change);
  const byTable = Map.groupBy(changes, ({ kind }) => tableOf(kind));
  const tables = [...byTable.keys()].toSorted((left, right) => left.order - right.order);
  return tables.flatMap((table) => {
    const sorted = (byTable.get(table) ?? []).toSorted((left, right) => (left.after.id < right.after.id ? -1 : 1));
    const added = sorted.filter(({ before }) => before === undefined);
    const changed = sorted.filter(({ before }) => before !== undefined);
    return [
      ...chunks(added).map((rows) => ({
        statement: insertRows(context, { table, changes: rows, sealing }),
        rows: rows.length,
        what: table.kindName,
      })),
      ...chunks(changed).map((rows) => ({
        statement: updateRows(context, { table, changes: rows, sealing }),
        rows: rows.length,
        what: table.kindName,
      })),
    ];
  });
}

interface WrittenRows {
  readonly table: StateTable;
  readonly changes: readonly Change[];
  readonly sealing: SealingKeys;
}

function insertRows(context: WriteContext, { table, changes, sealing }: WrittenRows): Statement {
  const names = joined(
    table.columns.map(({ name }) => identifier(name)),
    ", ",
  );
  const values = joined(
    table.columns.map(({ name }) => sql`r.${identifier(name)}`),
    ", ",
  );
  const records = recordsOf({ table, changes, sealing });
  if (table.scope === "organization") {
    return prepared(sql`
      insert into ${table.name} (organization_id, ${names}, body)
      select ${context.organizationId}::uuid, ${values}, r.body from jsonb_to_recordset(${records}::jsonb) as r(${table.recordset})`);
  }
  return prepared(sql`
    insert into ${table.name} (organization_id, project_id, ${names}, body)
    select ${context.organizationId}::uuid, ${projectOf(context)}::uuid, ${values}, r.body from jsonb_to_recordset(${records}::jsonb) as r(${table.recordset})`);
}

/** The ids are said twice: the list finds rows by key whatever the planner makes of the join. */
function updateRows(context: WriteContext, { table, changes, sealing }: WrittenRows): Statement {
  const written = table.columns.filter(({ field }) => field !== "id");
  const assignments = joined(
    written.map(({ name }) => sql`${identifier(name)} = r.${identifier(name)}`),
    ", ",
  );
  const whole = table.scope === "organization" ? sql`` : sql`and (t.project_id = ${projectOf(context)}::uuid) is true`;
  return prepared(sql`
    update ${table.name} t set ${assignments}, body = r.body
      from jsonb_to_recordset(${recordsOf({ table, changes, sealing })}::jsonb) as r(${table.recordset})
     where t.id = any(${changes.map(({ after }) => after.id)}::uuid[]) and t.id = r.id and t.version = r.before ${whole}`);
}

const recordsOf = ({ table, changes, sealing }: WrittenRows): string =>
  JSON.stringify(changes.map(({ before, after }) => toRecord(table, sealedRow(table, after, sealing), before?.version ?? null)));

function projectOf({ projectId }: WriteContext): string {
  if (projectId !== null) return projectId;
  throw new Failure("bug", "store.outside-scope", {
    message: "A row of a project was written by a command without a project. Give the command its project.",
  });
}

/** Actor, cause, position and recorded time are defaults of the table: the database says them. */
export function eventStatement(context: WriteContext, events: readonly EventDraft[]): BatchStatement {
  const records: readonly JsonObject[] = events.map(({ subjectKind, subjectId, number, kind, data }) => ({
    subject_kind: subjectKind,
    subject_id: subjectId,
    number,
    kind,
    data,
  }));
  const statement = prepared(sql`
    insert into xvc.event (organization_id, project_id, subject_kind, subject_id, number, kind, at_ms, data)
    select ${context.organizationId}::uuid, ${context.projectId}::uuid, r.subject_kind, r.subject_id, r.number, r.kind, ${context.atMs}::bigint, r.data
      from rows from (jsonb_to_recordset(${JSON.stringify(records)}::jsonb)
             as (subject_kind text, subject_id uuid, number integer, kind text, data jsonb))
           with ordinality as r(subject_kind, subject_id, number, kind, data, place)
     order by r.place
    returning txid::text || '-' || position::text as cursor`);
  return { statement, rows: events.length, what: "event" };
}

/** The command's place in the log, claimed by `takeCommand`. */
export interface TakenCommand {
  readonly key: string;
  readonly kind: string;
  readonly bodySha256: string;
}

export function commandStatement(context: WriteContext, taken: TakenCommand, outcome: Json): BatchStatement {
  const statement = prepared(sql`
    insert into xvc.command (organization_id, project_id, key, kind, body_sha256, outcome, at_ms)
    values (${context.organizationId}::uuid, ${context.projectId}::uuid, ${taken.key}, ${taken.kind}, ${taken.bodySha256}, ${JSON.stringify(outcome)}::jsonb, ${context.atMs}::bigint)`);
  return { statement, rows: 1, what: "command" };
}

/** @returns what the statement gives back. @throws {Failure} `store.version-conflict`: a row was not at its `before.version`, or is not there for this scope */
export async function runBatch(session: Session, { statement, rows: expected, what }: BatchStatement): Promise<readonly Row[]> {
  const { rowCount, rows } = await session.run(statement);
  if (rowCount === expected) return rows;
  throw new Failure("conflict", "store.version-conflict", {
    kind: what,
    expected,
    written: rowCount ?? 0,
    message: `Another command changed a ${what} first. Read it again and decide on what it is now.`,
  });
}
