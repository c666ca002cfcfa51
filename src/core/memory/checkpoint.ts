/** What a checkpoint says. The text is the thing that is signed and hashed: it is written once and read, never written again from its parts. */
export interface Checkpoint {
  readonly organizationId: string;
  /** 1, 2, 3 ...; no gaps. */
  readonly number: number;
  /** SHA-256 of the text of the checkpoint before, hex; null for the first. */
  readonly previous: string | null;
  readonly sealedAtMs: number;
  /** Rows of this run. */
  readonly events: number;
  readonly versions: number;
  /** Rows of all runs up to and with this one. */
  readonly eventsInAll: number;
  readonly versionsInAll: number;
  /** Merkle root over the leaves of the run (RFC 6962, SHA-256), hex. */
  readonly root: string;
}

export const checkpointSchema = "xvc.checkpoint/1";

/** The text of a checkpoint: JSON with its fields in this order. */
export const checkpointText = (checkpoint: Checkpoint): string =>
  JSON.stringify({
    schema: checkpointSchema,
    organizationId: checkpoint.organizationId,
    number: checkpoint.number,
    previous: checkpoint.previous,
    sealedAtMs: checkpoint.sealedAtMs,
    events: checkpoint.events,
    versions: checkpoint.versions,
    eventsInAll: checkpoint.eventsInAll,
    versionsInAll: checkpoint.versionsInAll,
    root: checkpoint.root,
  });

const isCount = (value: unknown): boolean => typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
const isHash = (value: unknown): boolean => typeof value === "string" && /^[0-9a-f]{64}$/u.test(value);

/** What a text says; null: it is no checkpoint of this format, letter for letter. */
export function readCheckpoint(text: string): Checkpoint | null {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof read !== "object" || read === null) return null;
  const fields = read as Partial<{ readonly [field in keyof Checkpoint]: unknown }>; // looked at, not trusted
  const counts = [fields.number, fields.sealedAtMs, fields.events, fields.versions, fields.eventsInAll, fields.versionsInAll];
  const fits =
    counts.every(isCount) &&
    isHash(fields.root) &&
    (fields.previous === null || isHash(fields.previous)) &&
    typeof fields.organizationId === "string";
  if (!fits) return null;
  const { organizationId, number, previous, sealedAtMs, events, versions, eventsInAll, versionsInAll, root } = fields as Checkpoint; // every field was looked at
  const checkpoint = { organizationId, number, previous, sealedAtMs, events, versions, eventsInAll, versionsInAll, root };
  return checkpointText(checkpoint) === text ? checkpoint : null;
}

/** A checkpoint and the hash of its text. */
export interface Link {
  readonly checkpoint: Checkpoint;
  /** SHA-256 of its text, hex. */
  readonly sha256: string;
}

/** What the first checkpoint follows. */
const beginning = { number: 0, eventsInAll: 0, versionsInAll: 0 } as const;

/** What is wrong between a checkpoint and the one before it (null: it is the first); null: nothing. */
export function linkProblem(before: Link | null, { checkpoint }: Link): string | null {
  const { number } = checkpoint;
  const last = before === null ? beginning : before.checkpoint;
  if (number !== last.number + 1) return `Checkpoint ${last.number + 1} is missing; ${number} follows.`;
  if (checkpoint.previous !== (before === null ? null : before.sha256)) return `Checkpoint ${number} does not name the one before it.`;
  if (before !== null && checkpoint.organizationId !== before.checkpoint.organizationId)
    return `Checkpoint ${number} is of another organization.`;
  const addsUp =
    checkpoint.eventsInAll === last.eventsInAll + checkpoint.events &&
    checkpoint.versionsInAll === last.versionsInAll + checkpoint.versions;
  return addsUp ? null : `The counts of checkpoint ${number} do not add up.`;
}
