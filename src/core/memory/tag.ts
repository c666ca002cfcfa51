/** A label on anything: a key, and one of possibly several values. present <-> removed; one row per subject, key and value. */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { ProjectId } from "../shared/ids.ts";

export interface Tag extends Entity {
  readonly projectId: ProjectId;
  /** Kind of row, such as `request`, `task`, `decision` or `entity`. */
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly key: string;
  /** Empty: the key says it all. */
  readonly value: string;
  readonly state: "present" | "removed";
}

export const tagKind = projectKind<Tag>("tag");

/** Upper bounds; what exceeds them is refused. */
export const tagLimits = { perSubject: 100, keyLength: 40, valueLength: 200 } as const;

/** `area=payments`, or the key alone. */
export const tagText = ({ key, value }: Pick<Tag, "key" | "value">): string => (value === "" ? key : `${key}=${value}`);

/** Reads `area=payments`; the value may hold further signs of equality. */
export function readTagText(text: string): Pick<Tag, "key" | "value"> {
  const at = text.indexOf("=");
  return at === -1 ? { key: text.trim(), value: "" } : { key: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
}
