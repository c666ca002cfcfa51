import { createHash, createPublicKey, verify as isSigned } from "node:crypto";
import type { Client } from "pg";

/*
 * Checkpoints checked from the outside. Shares no code with what made them: this file knows the format as docs/explanation/evidence.md
 * states it, builds each line itself, and computes the Merkle root by the recursive definition of RFC 6962.
 */

export interface SealedLine {
  readonly number: number;
  readonly text: string;
  readonly signature: string;
  /** Absent in rows of the database: the key that the caller trusts counts. */
  readonly publicKey?: string;
}

export interface EvidenceProblem {
  readonly checkpoint: number | null;
  readonly message: string;
}

export interface EvidenceReport {
  readonly checkpoints: number;
  readonly events: number;
  readonly versions: number;
  /** Versions whose content was purged: what the seal covers of them is the hash that was left. */
  readonly purged: number;
  readonly unsealed: { readonly events: number; readonly versions: number };
  readonly problems: readonly EvidenceProblem[];
}

interface Said {
  readonly number: number;
  readonly organizationId: string;
  readonly previous: string | null;
  readonly events: number;
  readonly versions: number;
  readonly eventsInAll: number;
  readonly versionsInAll: number;
  readonly root: string;
}

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const hex = (text: string): string => sha256(Buffer.from(text, "utf8")).toString("hex");

/** RFC 6962, 2.1: the left half of a tree has the largest power of two of leaves that is smaller than all. */
function treeHash(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return only;
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half)));
}

/** Postgres writes a JSON list with one space behind each comma. Parts are JSON already, as the database wrote them. */
const leafOf = (parts: readonly string[]): Buffer => sha256(Buffer.of(0), Buffer.from(`[${parts.join(", ")}]`, "utf8"));

const quoted = (name: string): string => `to_jsonb(${name})::text as ${name}`;
const eventColumns =
  "organization_id project_id subject_kind subject_id number kind actor_kind actor_id cause at_ms recorded_at_ms data".split(" ");
const versionColumns = "organization_id project_id kind id version operation recorded_at_ms actor_kind actor_id cause".split(" ");

type Texts = { readonly [column: string]: string | null };
const part = (row: Texts, column: string): string => row[column] ?? "null";

async function eventLeaves(client: Client, organizationId: string): Promise<readonly Buffer[]> {
  const { rows } = await client.query<Texts>(
    `select ${eventColumns.map(quoted).join(", ")} from xvc.event where organization_id = $1 order by txid, position`,
    [organizationId],
  );
  return rows.map((row) => leafOf(['"event"', ...eventColumns.map((column) => part(row, column))]));
}

interface VersionLeaves {
  readonly leaves: readonly Buffer[];
  readonly purged: number;
  readonly problems: readonly EvidenceProblem[];
}

async function versionLeaves(client: Client, organizationId: string): Promise<VersionLeaves> {
  const { rows } = await client.query<Texts>(
    `select ${versionColumns.map(quoted).join(", ")}, row::text as stored from xvc.history where organization_id = $1 order by txid, position`,
    [organizationId],
  );
  const problems: EvidenceProblem[] = [];
  let purged = 0;
  const leaves = rows.map((row) => {
    const stored = part(row, "stored");
    const left = contentHash(row, stored);
    if (left !== null) {
      purged++;
      if (!isEmptied(stored))
        problems.push({
          checkpoint: null,
          message: `Version ${part(row, "version")} of ${part(row, "id")} says that it was purged, and has content.`,
        });
    }
    return leafOf(['"version"', ...versionColumns.map((column) => part(row, column)), JSON.stringify(left ?? hex(stored))]);
  });
  return { leaves, purged, problems };
}

/** What a purged version of an entity left of its content; null: it was not purged. */
function contentHash(row: Texts, stored: string): string | null {
  if (part(row, "kind") !== '"entity"') return null;
  const { body } = JSON.parse(stored) as { readonly body?: { readonly contentSha256?: string } };
  return body?.contentSha256 ?? null;
}

function isEmptied(stored: string): boolean {
  const { title, body } = JSON.parse(stored) as {
    readonly title?: string;
    readonly body?: { readonly data?: object; readonly attachments?: readonly unknown[] };
  };
  return title === "" && Object.keys(body?.data ?? {}).length === 0 && (body?.attachments ?? []).length === 0;
}

function read(text: string): Said | null {
  try {
    const said = JSON.parse(text) as Said;
    return typeof said === "object" && said !== null && typeof said.root === "string" ? said : null;
  } catch {
    return null;
  }
}

function signatureProblem(line: SealedLine, publicKey: string): string | null {
  const key = createPublicKey({
    key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(publicKey, "base64")]),
    format: "der",
    type: "spki",
  });
  const holds = isSigned(null, Buffer.from(line.text, "utf8"), key, Buffer.from(line.signature, "base64"));
  return holds ? null : "its signature does not hold";
}

interface Before {
  readonly said: Pick<Said, "number" | "eventsInAll" | "versionsInAll">;
  readonly sha256: string | null;
}

/** What is wrong with one checkpoint behind the one before it. */
function linkProblems(line: SealedLine, said: Said, before: Before): readonly string[] {
  const { number, eventsInAll, versionsInAll } = before.said;
  const addsUp = said.eventsInAll === eventsInAll + said.events && said.versionsInAll === versionsInAll + said.versions;
  return [
    ...(said.number === line.number ? [] : [`it says that it is number ${String(said.number)}`]),
    ...(said.number === number + 1 ? [] : [`it follows ${String(number)}`]),
    ...(said.previous === before.sha256 ? [] : ["it does not name the one before it"]),
    ...(addsUp ? [] : ["its counts do not add up"]),
  ];
}

/** The checkpoints in order, each with what is wrong with it in itself and behind the one before. */
function chainProblems(lines: readonly SealedLine[], publicKey: string): readonly EvidenceProblem[] {
  let before: Before = { said: { number: 0, eventsInAll: 0, versionsInAll: 0 }, sha256: null };
  return lines.flatMap((line) => {
    const said = read(line.text);
    if (said === null) return [{ checkpoint: line.number, message: "its text is unreadable" }];
    const wrong = signatureProblem(line, publicKey);
    const found = [...(wrong === null ? [] : [wrong]), ...linkProblems(line, said, before)];
    before = { said, sha256: hex(line.text) };
    return found.map((message) => ({ checkpoint: line.number, message }));
  });
}

interface Asked {
  readonly organizationId: string;
  /** Ed25519, 32 bytes, base64: the key that the reader trusts. */
  readonly publicKey: string;
  /** Lines of the second place; what is there must be in the database letter for letter. */
  readonly exported?: readonly SealedLine[];
}

/** Checks every checkpoint against every row of both logs. Reads them whole: memory grows with the logs, about 100 bytes a row. */
export async function verifyEvidence(client: Client, { organizationId, publicKey, exported }: Asked): Promise<EvidenceReport> {
  const { rows: lines } = await client.query<SealedLine>(
    "select number, text, signature from xvc.checkpoint where organization_id = $1 order by number",
    [organizationId],
  );
  const events = await eventLeaves(client, organizationId);
  const { leaves: versions, purged, problems: emptied } = await versionLeaves(client, organizationId);
  const problems: EvidenceProblem[] = [...chainProblems(lines, publicKey), ...emptied];
  let eventAt = 0;
  let versionAt = 0;
  for (const line of lines) {
    const said = read(line.text);
    if (said === null) continue;
    const run = [...events.slice(eventAt, eventAt + said.events), ...versions.slice(versionAt, versionAt + said.versions)];
    eventAt += said.events;
    versionAt += said.versions;
    if (run.length !== said.events + said.versions) problems.push({ checkpoint: line.number, message: "rows that it sealed are gone" });
    else if (treeHash(run).toString("hex") !== said.root)
      problems.push({ checkpoint: line.number, message: "rows that it sealed were changed, added or left out" });
  }
  problems.push(...exportProblems(lines, exported ?? [], publicKey));
  return {
    checkpoints: lines.length,
    events: events.length,
    versions: versions.length,
    purged,
    unsealed: { events: Math.max(0, events.length - eventAt), versions: Math.max(0, versions.length - versionAt) },
    problems,
  };
}

function exportProblems(lines: readonly SealedLine[], exported: readonly SealedLine[], publicKey: string): readonly EvidenceProblem[] {
  const byNumber = new Map(lines.map((line) => [line.number, line]));
  const problems: EvidenceProblem[] = exported.flatMap((line) => {
    const here = byNumber.get(line.number);
    if (line.publicKey !== undefined && line.publicKey !== publicKey)
      return [{ checkpoint: line.number, message: "the exported one names another key than the one you trust" }];
    if (here === undefined) return [{ checkpoint: line.number, message: "it was exported, and the database has none" }];
    return here.text === line.text
      ? []
      : [{ checkpoint: line.number, message: "the exported one says something else than the database's" }];
  });
  return [...chainProblems(exported, publicKey).map((one) => ({ ...one, message: `exported: ${one.message}` })), ...problems];
}
