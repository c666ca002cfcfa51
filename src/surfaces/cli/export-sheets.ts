import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { asked } from "./instant-commands.ts";
import { jsonText, listAt, objectAt, textAt } from "./output.ts";
import type { Sheet, SheetCell } from "./sheet-text.ts";

/** What can be asked for; `entities:<type>` has the data of that type as columns. */
export const sheetNames = ["requests", "tasks", "decisions", "facts", "entities"] as const;
type SheetName = (typeof sheetNames)[number];

export interface SheetQuery {
  readonly what: string;
  readonly project: string | undefined;
  /** As the server reads an instant; undefined: now. */
  readonly at: string | undefined;
  /** The text of an instant. */
  readonly format: (atMs: number) => string;
}

type Read = (row: JsonObject, format: SheetQuery["format"]) => SheetCell;

const plain =
  (field: string): Read =>
  (row) => {
    const value = row[field];
    return value === undefined || value === null ? null : typeof value === "object" ? jsonText(value) : value;
  };
const instant =
  (field: string): Read =>
  (row, format) =>
    typeof row[field] === "number" ? format(row[field]) : null;
const named =
  (field: string): Read =>
  (row) =>
    textAt(objectAt(row, field), "name") || null;
const inPeriod =
  (read: Read): Read =>
  (row, format) =>
    read(objectAt(row, "period"), format);
const tags: Read = (row) =>
  listAt(row, "tags")
    .map((tag) => (textAt(tag, "value") === "" ? textAt(tag, "key") : `${textAt(tag, "key")}=${textAt(tag, "value")}`))
    .join("; ");

type Columns = readonly (readonly [name: string, read: Read])[];

const plainColumns = (...names: readonly string[]): Columns => names.map((name) => [name, plain(name)] as const);

const sheets: { readonly [name in SheetName]: { readonly path: string; readonly columns: Columns } } = {
  requests: {
    path: "/api/requests",
    columns: [
      ...plainColumns("label", "title", "projectKey", "state", "stage"),
      ["requester", named("requester")],
      ...plainColumns("urgency", "riskClass", "playbook", "rehearsal"),
      ["openedAt", instant("openedAtMs")],
      ["deadline", instant("deadlineAtMs")],
      ["deliveredAt", instant("deliveredAtMs")],
    ],
  },
  tasks: {
    path: "/api/tasks",
    columns: [
      ...plainColumns("label", "title", "requestLabel", "requestTitle", "state", "blockedBy"),
      ["performer", named("performer")],
      ...plainColumns("executor", "risk", "attemptCount", "round", "estimateHours", "costMicro", "rehearsal"),
      ["stateSince", instant("stateSinceMs")],
    ],
  },
  decisions: {
    path: "/api/decisions",
    columns: [
      ...plainColumns("id", "question", "state", "choice"),
      ["decider", named("decider")],
      ...plainColumns("authority", "soloWaiver", "topic", "verdict", "requestLabel", "rehearsal"),
      ["madeAt", instant("madeAtMs")],
      ["validFrom", instant("validFromMs")],
      ["validTo", instant("validToMs")],
    ],
  },
  facts: {
    path: "/api/facts",
    columns: [
      ...plainColumns("id", "subjectKind", "subjectName", "attribute"),
      ["value", inPeriod(plain("value"))],
      ["validFrom", inPeriod(instant("fromMs"))],
      ["validTo", inPeriod(instant("toMs"))],
      ["source", inPeriod((row) => textAt(objectAt(row, "source"), "text") || null)],
      ["recordedAt", inPeriod(instant("recordedAtMs"))],
    ],
  },
  entities: {
    path: "/api/entities",
    columns: [
      ...plainColumns("label", "title", "project", "typeKey", "state"),
      ["tags", tags],
      ...plainColumns("held", "schemaVersion", "version"),
      ["createdAt", instant("createdAtMs")],
      ["updatedAt", instant("updatedAtMs")],
    ],
  },
};

/** Rows of one sheet; whoever has more narrows it down to a project or a type. */
const maxRows = 100_000;
/** Entities whose data is read, one call each. */
const maxEntities = 5_000;

/** A view of what the reader may see, as it is or was at an instant. @throws {Failure} `export.unknown-view`, `export.too-many-rows` */
export async function readSheet(client: Client, query: SheetQuery): Promise<Sheet> {
  const [name = "", type] = query.what.split(":");
  const isKnown = (sheetNames as readonly string[]).includes(name) && (type === undefined || (name === "entities" && type !== ""));
  if (!isKnown)
    throw new Failure("invalid", "export.unknown-view", {
      message: `"${query.what.slice(0, 60)}" is no view. Name one of ${sheetNames.join(", ")}, or entities:<type> with the data of a type.`,
    });
  const sheet = sheets[name as SheetName]; // looked up above
  const rows = await everyRow(client, { ...query, path: sheet.path, type });
  const data = type === undefined ? [] : await dataOf(client, rows, query.at);
  const fields = [...new Set(data.flatMap((one) => Object.keys(one)))].toSorted();
  return {
    title: query.at === undefined ? query.what : `${query.what} as of ${query.format(Number(query.at))}`,
    columns: [...sheet.columns.map(([column]) => column), ...fields.map((field) => `data.${field}`)],
    rows: rows.map((row, index) => [
      ...sheet.columns.map(([, read]) => read(row, query.format)),
      ...fields.map((field) => plain(field)(data[index] ?? {}, query.format)),
    ]),
  };
}

async function everyRow(
  client: Client,
  { path, project, at, type }: SheetQuery & { readonly path: string; readonly type: string | undefined },
): Promise<readonly JsonObject[]> {
  const rows: JsonObject[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.get(asked(path, { project, at, type, cursor, limit: 100 }));
    rows.push(...listAt(page, "items"));
    if (rows.length > maxRows)
      throw new Failure("exhausted", "export.too-many-rows", {
        message: `There are more than ${maxRows} rows. Name a project with --project, or take the whole record with xvc export --out.`,
      });
    cursor = textAt(page, "nextCursor") || undefined;
  } while (cursor !== undefined);
  return rows;
}

async function dataOf(client: Client, rows: readonly JsonObject[], at: string | undefined): Promise<readonly JsonObject[]> {
  if (rows.length > maxEntities)
    throw new Failure("exhausted", "export.too-many-rows", {
      message: `There are more than ${maxEntities} entities of this type. Name a project with --project.`,
    });
  const data: JsonObject[] = [];
  for (const row of rows)
    data.push(objectAt(await client.get(asked(`/api/entities/${encodeURIComponent(textAt(row, "id"))}`, { at })), "data"));
  return data;
}
