import { readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { databasePaths, readSettings } from "../../src/adapters/postgres/data-directory.ts";
import type { ClientEntry } from "../../verify/world.ts";
import type { Product, ProductHome } from "./crash-product.ts";

/** A write that was acknowledged, in the words of whoever asked for it. */
interface Acknowledged {
  readonly kind: "entity" | "decision" | "fact";
  readonly id: string;
  /** What it was given; the purge took it away. */
  readonly mark: string;
  /** Versions that were acknowledged: at least so many are in its history. */
  versions: number;
  /** The last acknowledged text, and one that was sent without an answer: either may be there. */
  revision: number;
  sent: number;
  state: "active" | "deleted" | "purged";
  sentState: "active" | "deleted" | "purged";
  readonly tags: string[];
  readonly related: string[];
}

/** Clients outside of the product that write at once, and remember what they were told. */
export interface MemoryWriter {
  readonly log: ClientEntry[];
  readonly acknowledged: Acknowledged[];
  answers: number;
  /** Writes that the product refused, as it had to. */
  refusals: number;
  keys: number;
}

export const openWriter = (): MemoryWriter => ({ log: [], acknowledged: [], answers: 0, refusals: 0, keys: 0 });

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const callLimitMs = 30_000;
/** What only refused writes would have written. */
const refusedRevision = 99;

async function call(product: Product, method: "GET" | "POST", address: string, sent?: { readonly key: string; readonly body: object }) {
  try {
    const response = await fetch(`${product.url}${address}`, {
      method,
      headers: {
        authorization: `Bearer ${product.token}`,
        "content-type": "application/json",
        ...(sent === undefined ? {} : { "idempotency-key": sent.key }),
      },
      ...(sent === undefined ? {} : { body: JSON.stringify(sent.body) }),
      signal: AbortSignal.timeout(callLimitMs),
    });
    return { status: response.status, body: (await response.json()) as unknown } satisfies Answer;
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") throw new Error(`${method} ${address} hung`, { cause: error });
    return undefined; // no answer came: the product was killed
  }
}

/** Where a client writes: one project of the organization. */
export interface Place {
  readonly product: Product;
  readonly project: { readonly key: string; readonly id: string };
}

/** Undefined: no answer, or none that can be relied on. @throws {Error} the write was refused */
async function tell(writer: MemoryWriter, place: Place, address: string, body: object): Promise<string | undefined> {
  const { outcome, answer } = await send(writer, place, address, body);
  if (outcome === "refused") throw new Error(`${address} was refused: ${JSON.stringify(answer?.body)}`);
  if (outcome === "unknown") return undefined;
  writer.answers += 1;
  return (answer?.body as { readonly id: string } | undefined)?.id; // the contract of every command
}

/** A write that names a version which is long gone: it has to be refused, and nothing of it may ever be there. @throws {Error} it was taken */
async function tellStale(writer: MemoryWriter, place: Place, entity: Acknowledged): Promise<void> {
  const stale = { version: entity.versions - 1, set: { revision: refusedRevision } };
  const { outcome } = await send(writer, place, `/api/entities/${entity.id}/change`, stale);
  if (outcome === "ok") throw new Error(`a change of version ${String(stale.version)} of ${entity.id} was taken`);
  if (outcome === "refused") writer.refusals += 1;
}

interface Sent {
  readonly outcome: ClientEntry["outcome"];
  readonly answer: Answer | undefined;
}

async function send(writer: MemoryWriter, { product, project }: Place, address: string, body: object): Promise<Sent> {
  const key = `memory:${String(++writer.keys)}`;
  const ofOrganization = address === "/api/entity-types" || address === "/api/projects";
  const answer = await call(product, "POST", address, { key, body });
  const outcome = answer === undefined || answer.status >= 500 ? "unknown" : answer.status < 300 ? "ok" : "refused";
  const { organizationId, personId } = product;
  const projectId = ofOrganization ? null : project.id;
  writer.log.push({ client: "memory-writer", organizationId, projectId, key: `http:${personId}:${key}`, outcome, answer: null });
  return { outcome, answer };
}

/** The project and the type that the clients write to. */
export async function openPlace(writer: MemoryWriter, product: Product): Promise<Place> {
  const project = { key: "MEM", id: "" };
  const id = await tell(writer, { product, project }, "/api/projects", { key: "MEM", name: "Memory", mode: "real" });
  const type = { key: "customer", title: "Customer", dataSchema: { type: "object" } };
  await tell(writer, { product, project }, "/api/entity-types", type);
  return { product, project: { ...project, id: id ?? "" } };
}

/** Writes of every kind, in lanes that each have rows of their own, until `enough` were acknowledged or no answer comes. */
export async function writeUntil(writer: MemoryWriter, place: Place, enough: number): Promise<void> {
  const until = writer.answers + enough;
  const lanes = Array.from({ length: 4 }, (_, lane) => writeLane(writer, place, { lane, until }));
  await Promise.all(lanes);
}

async function writeLane(
  writer: MemoryWriter,
  place: Place,
  { lane, until }: { readonly lane: number; readonly until: number },
): Promise<void> {
  let before: Acknowledged | undefined;
  for (let turn = lane; writer.answers < until && place.product.ended() === undefined; turn++) {
    const made = await makeOne(writer, place, turn);
    if (made?.kind === "entity") {
      await changeEntity(writer, place, { entity: made, other: before, turn });
      before = made;
    }
  }
}

async function makeOne(writer: MemoryWriter, place: Place, turn: number): Promise<Acknowledged | undefined> {
  const mark = `m${String(writer.keys)}`;
  const project = place.project.key;
  const asked = {
    entity: ["/api/entities", { project, type: "customer", key: mark, title: `Customer ${mark}`, data: { revision: 1 } }],
    decision: [
      "/api/decisions",
      { project, question: `Is it ${mark}?`, options: [{ label: "Yes" }, { label: "No" }], choice: "Yes", rationale: mark },
    ],
    fact: ["/api/facts", { project, subject: mark, attribute: "size", value: 1, source: "a client" }],
  } as const;
  const kind = (["entity", "entity", "decision", "fact"] as const)[turn % 4] ?? "entity";
  const [address, body] = asked[kind];
  const id = await tell(writer, place, address, body);
  if (id === undefined) return undefined;
  const made: Acknowledged = {
    kind,
    id,
    mark,
    versions: 1,
    revision: 1,
    sent: 1,
    state: "active",
    sentState: "active",
    tags: [],
    related: [],
  };
  writer.acknowledged.push(made);
  return made;
}

async function changeEntity(
  writer: MemoryWriter,
  place: Place,
  { entity, other, turn }: { readonly entity: Acknowledged; readonly other: Acknowledged | undefined; readonly turn: number },
): Promise<void> {
  const subject = { kind: "entity", id: entity.id };
  const at = `/api/entities/${entity.id}`;
  for (const revision of [2, 3]) {
    entity.sent = revision;
    if ((await tell(writer, place, `${at}/change`, { version: entity.versions, set: { revision } })) === undefined) return;
    entity.revision = revision;
    entity.versions += 1;
  }
  await tellStale(writer, place, entity);
  if ((await tell(writer, place, "/api/tags", { subject, key: "mark", value: entity.mark })) === undefined) return;
  entity.tags.push(`mark=${entity.mark}`);
  if (other?.state === "active") {
    const to = { kind: "entity", id: other.id };
    if ((await tell(writer, place, "/api/relations", { from: subject, role: "after", to })) === undefined) return;
    entity.related.push(other.id);
  }
  if (turn % 3 !== 0) return;
  for (const [word, state] of [
    ["delete", "deleted"],
    ["purge", "purged"],
  ] as const) {
    entity.sentState = state;
    if ((await tell(writer, place, `${at}/${word}`, { version: entity.versions, reason: "Done with it." })) === undefined) return;
    entity.state = state;
    entity.versions += 1;
  }
}

/** Everything acknowledged that cannot be read, is not listed or is missing in the history; asked through the product, from `since` on. */
export async function missing(writer: MemoryWriter, place: Place, since: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (const one of writer.acknowledged.slice(since)) {
    const problems = await (one.kind === "entity" ? missingEntity(place, one) : missingRecord(place, one));
    found.push(...problems.map((problem) => `${one.kind} ${one.mark} ${one.id}: ${problem}`));
  }
  return found;
}

async function read<Body>(place: Place, address: string): Promise<Body | undefined> {
  const answer = await call(place.product, "GET", address);
  return answer?.status === 200 ? (answer.body as Body) : undefined; // the contract of the address
}

interface History {
  readonly items: readonly { readonly version: number; readonly changes: readonly { readonly after: string | null }[] }[];
}

async function missingHistory(place: Place, { kind, id, versions }: Acknowledged): Promise<readonly string[]> {
  const history = await read<History>(place, `/api/memory/history?kind=${kind}&ref=${id}&limit=50`);
  const known = new Set(history?.items.map(({ version }) => version));
  const applied = history?.items.filter(({ changes }) => changes.some(({ after }) => after === String(refusedRevision))) ?? [];
  return [
    ...Array.from({ length: versions }, (_, at) => at + 1)
      .filter((version) => !known.has(version))
      .map((version) => `version ${String(version)} is not in the history`),
    ...applied.map(({ version }) => `version ${String(version)} holds what was refused`),
  ];
}

async function missingEntity(place: Place, one: Acknowledged): Promise<readonly string[]> {
  const problems = [...(await missingHistory(place, one))];
  const say = (is: boolean, problem: string): void => void (is || problems.push(problem));
  const entity = await read<{
    readonly state: string;
    readonly data: { readonly revision?: number };
    readonly tags: readonly { readonly key: string; readonly value: string }[];
    readonly relations: readonly { readonly direction: string; readonly other: { readonly id: string } }[];
  }>(place, `/api/entities/${one.id}`);
  if (entity === undefined) return [...problems, "cannot be read"];
  say([one.state, one.sentState].includes(entity.state as Acknowledged["state"]), `is ${entity.state}, not ${one.state}`); // a state of the contract
  if (entity.state !== "purged")
    say([one.revision, one.sent].includes(entity.data.revision ?? 0), `has revision ${String(entity.data.revision)}`);
  const listed = await read<{ readonly items: readonly { readonly id: string }[] }>(
    place,
    `/api/entities?project=MEM&type=customer&key=${one.mark}&state=active,deleted,purged`,
  );
  say(listed?.items.some(({ id }) => id === one.id) === true, "is not listed");
  // A purge takes tags and relations off.
  if (entity.state === "purged") return problems;
  const related = new Set(entity.relations.filter(({ direction }) => direction === "from").map(({ other }) => other.id));
  for (const id of one.related) say(related.has(id), `is not related with ${id}`);
  for (const tag of one.tags) {
    say(
      entity.tags.some(({ key, value }) => `${key}=${value}` === tag),
      `does not have the tag ${tag}`,
    );
    const tagged = await read<{ readonly items: readonly { readonly id: string }[] }>(place, `/api/tagged?tag=${encodeURIComponent(tag)}`);
    say(tagged?.items.some(({ id }) => id === one.id) === true, `is not found by its tag ${tag}`);
  }
  return problems;
}

async function missingRecord(place: Place, one: Acknowledged): Promise<readonly string[]> {
  const problems = [...(await missingHistory(place, one))];
  const rooms = one.kind === "fact" ? `/api/facts?subject=${one.mark}` : "/api/decisions?project=MEM&limit=200";
  const room = one.kind === "fact" ? "/api/facts" : "/api/decisions";
  if ((await read(place, `${room}/${one.id}`)) === undefined) problems.push("cannot be read");
  if (!(await listedIn(place, rooms, one.id))) problems.push("is not listed");
  return problems;
}

/** Looks at most through fifty pages. */
async function listedIn(place: Place, rooms: string, id: string): Promise<boolean> {
  let cursor: string | null = "";
  for (let page = 0; page < 50 && cursor !== null; page++) {
    const more: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const listed: { readonly items: readonly { readonly id: string }[]; readonly nextCursor: string | null } | undefined = await read(
      place,
      `${rooms}${more}`,
    );
    if (listed?.items.some((item) => item.id === id) === true) return true;
    cursor = listed?.nextCursor ?? null;
  }
  return false;
}

/** The database server's own process. */
export async function postmasterOf(home: ProductHome): Promise<number> {
  const settings = await readSettings(databasePaths(home.directory).settingsFile);
  return Number(readFileSync(path.join(settings?.dataDirectory ?? "", "postmaster.pid"), "utf8").split("\n")[0]);
}

/** As a power failure would, for this one process: nothing of it runs on. */
export const killNow = (pid: number): boolean => process.kill(pid, "SIGKILL");
