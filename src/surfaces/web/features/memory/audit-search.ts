/** What the audit page is narrowed to, as its address holds it. */
export interface AuditSearch {
  /** Kinds of events, separated by commas. */
  readonly kinds?: string;
  readonly request?: string;
  /** Id of a row. */
  readonly subject?: string;
  readonly actor?: string;
  readonly actorKind?: string;
  /** Epoch milliseconds as text, by the time of recording. */
  readonly from?: string;
  readonly to?: string;
  /** Key of the project that the pages are narrowed to. */
  readonly project?: string;
}

const names: readonly (keyof AuditSearch)[] = ["kinds", "request", "subject", "actor", "actorKind", "from", "to"];

/** Whether anything is left out. */
export const isNarrowed = (search: AuditSearch): boolean => names.some((name) => search[name] !== undefined && search[name] !== "");

/** The same as parameters of the server. */
export const auditParameters = (search: AuditSearch): { readonly [name: string]: string | undefined } => ({
  kinds: search.kinds,
  request: search.request,
  project: search.project,
  subject: search.subject,
  actor: search.actor,
  actorKind: search.actor === undefined ? undefined : search.actorKind,
  fromMs: search.from,
  toMs: search.to,
});

/** A local date and time as a field of the browser holds it. */
export function fieldOfInstant(atMs: string | undefined): string {
  const at = new Date(Number(atMs));
  if (atMs === undefined || atMs === "" || Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** And back; undefined when the field is empty. */
export function instantOfField(text: string): string | undefined {
  const at = new Date(text).getTime();
  return text === "" || Number.isNaN(at) ? undefined : String(at);
}
