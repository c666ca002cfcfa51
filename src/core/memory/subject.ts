/** Something that tags and relations can be about. */
export interface Subject {
  /** Kind of row, as its table is called. */
  readonly kind: string;
  readonly id: string;
}

/** The subject as it is now. */
export interface FoundSubject {
  /** Null: the kind has no states. */
  readonly state: string | null;
  /** The request it is part of, so that the request's story tells of it; null: of none. */
  readonly requestId: string | null;
}

/** Rows of our own bookkeeping: nobody would look for a label on them. */
const bookkeeping: ReadonlySet<string> = new Set([
  "clock",
  "effect",
  "notice",
  "channel",
  "saved_view",
  "calendar",
  "delegation",
  "organization",
  "person",
  "tag",
  "relation",
]);

/** Whether rows of a kind carry tags and relations; the engine says which kinds there are. */
export const carriesMarks = (kind: string): boolean => !bookkeeping.has(kind);
