/** Something whose past a page can show, and where its own changes are listed. */
export interface TimeSubject {
  /** Kind of row and label, for a comparison of two instants; null: it is no single row. */
  readonly row: { readonly kind: string; readonly ref: string } | null;
  readonly name: string;
  /** Where the instants are read that it changed at, the newest first. */
  readonly changes: string;
}

const limit = "limit=200";

/** What the page at this path is about; null: it shows now alone. */
export function timeSubjectOf(path: string): TimeSubject | null {
  const [, room = "", ...rest] = path.split("/").map((part) => decodeURIComponent(part));
  const reference = rest.join("/");
  const asked = encodeURIComponent(reference);
  if (room === "portfolio") return { row: null, name: "The portfolio", changes: `/api/audit?${limit}` };
  if (room === "settings" && reference === "policies")
    return { row: null, name: "Policies", changes: `/api/audit?subjectKind=policy&${limit}` };
  if (reference === "" || reference === "new") return null;
  if (room === "requests")
    return { row: { kind: "request", ref: reference }, name: reference, changes: `/api/audit?request=${asked}&${limit}` };
  return rowOf(room, reference);
}

/** Rooms whose pages are about one row, and the kind of that row. */
const kindOfRoom: { readonly [room: string]: string } = {
  task: "task",
  personas: "persona",
  entities: "entity",
  epics: "epic",
  sprints: "sprint",
};

function rowOf(room: string, reference: string): TimeSubject | null {
  const kind = kindOfRoom[room];
  return kind === undefined ? null : { row: { kind, ref: reference }, name: reference, changes: historyOf(kind, reference) };
}

const historyOf = (kind: string, ref: string): string => `/api/memory/history?kind=${kind}&ref=${encodeURIComponent(ref)}&${limit}`;
