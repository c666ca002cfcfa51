import type { CommandRow, EventRow, Finding, HistoryRow, Invariant, Json, StateRow, World } from "./world.ts";

/** A world with the indexes that several checks need. */
export interface Lookup {
  readonly world: World;
  readonly rowsOf: (kind: string) => readonly StateRow[];
  /** The row of an id in an organization, whatever its project. */
  readonly row: (organizationId: string, kind: string, id: string) => StateRow | undefined;
  /** Versions of a row, oldest first. */
  readonly versions: (row: StateRow) => readonly HistoryRow[];
  /** Events of a subject by number. */
  readonly stream: (organizationId: string, subjectId: string) => readonly EventRow[];
  readonly commands: ReadonlyMap<string, readonly CommandRow[]>;
}

export const rowKey = (row: { readonly organizationId: string; readonly kind: string; readonly id: string }): string =>
  `${row.organizationId}/${row.kind}/${row.id}`;

export const commandKey = (command: { readonly organizationId: string; readonly projectId: string | null; readonly key: string }): string =>
  `${command.organizationId}/${command.projectId ?? ""}/${command.key}`;

const grouped = <Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> =>
  Map.groupBy(items, keyOf);

/** Builds the indexes. `O(n log n)` in the rows. */
export function lookupOf(world: World): Lookup {
  const kinds = grouped(world.rows, (row) => row.kind);
  const rows = new Map(world.rows.map((row) => [rowKey(row), row]));
  const history = grouped(
    world.history.toSorted((left, right) => left.version - right.version),
    rowKey,
  );
  const streams = grouped(
    world.events.toSorted((left, right) => left.number - right.number),
    (event) => `${event.organizationId}/${event.subjectId}`,
  );
  return {
    world,
    rowsOf: (kind) => kinds.get(kind) ?? [],
    row: (organizationId, kind, id) => rows.get(rowKey({ organizationId, kind, id })),
    versions: (row) => history.get(rowKey(row)) ?? [],
    stream: (organizationId, subjectId) => streams.get(`${organizationId}/${subjectId}`) ?? [],
    commands: grouped(world.commands, commandKey),
  };
}

export const text = (row: { readonly fields: { readonly [field: string]: Json } }, field: string): string => {
  const value = row.fields[field];
  return typeof value === "string" ? value : "";
};

export const number = (row: { readonly fields: { readonly [field: string]: Json } }, field: string): number => {
  const value = row.fields[field];
  return typeof value === "number" ? value : 0;
};

export const list = (row: { readonly fields: { readonly [field: string]: Json } }, field: string): readonly Json[] => {
  const value = row.fields[field];
  return Array.isArray(value) ? (value as readonly Json[]) : [];
};

/** The texts in a list; anything else in it is left out. */
export const texts = (row: { readonly fields: { readonly [field: string]: Json } }, field: string): readonly string[] =>
  list(row, field).filter((value) => typeof value === "string");

/** A field of an object value; undefined when the value is none. */
export function part(value: Json | undefined, field: string): Json | undefined {
  if (value === null || value === undefined || typeof value !== "object" || Array.isArray(value)) return undefined;
  return (value as { readonly [key: string]: Json })[field];
}

export const nameOf = (row: { readonly kind: string; readonly id: string; readonly version: number }): string =>
  `${row.kind}/${row.id}@${String(row.version)}`;

export const eventName = (event: EventRow): string => `event/${event.subjectId}#${String(event.number)}`;

const maxRows = 20;
const maxPrefix = 50;

/** A finding about a row, with the events of its stream up to `upTo`. */
export function found(
  invariant: Invariant,
  message: string,
  about: { readonly lookup: Lookup; readonly row: StateRow; readonly upTo?: number; readonly others?: readonly string[] },
): Finding {
  const { lookup, row, upTo = Number.MAX_SAFE_INTEGER, others = [] } = about;
  const prefix = lookup.stream(row.organizationId, row.id).filter((event) => event.number <= upTo);
  return { invariant, message, rows: [nameOf(row), ...others].slice(0, maxRows), prefix: prefix.slice(-maxPrefix) };
}
