import { taskKind } from "../../core/execution/task.ts";
import { decisionKind } from "../../core/oversight/decision.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { personKind, projectKindOf } from "../../core/oversight/person.ts";
import { personaKind } from "../../core/personas/persona.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import type { Reader } from "../ports/store.ts";

const counted: readonly (readonly [string, EntityKind<Entity>])[] = [
  ["projects", projectKindOf],
  ["people", personKind],
  ["personas", personaKind],
  ["requests", requestKind],
  ["tasks", taskKind],
  ["inbox items", inboxItemKind],
  ["decisions", decisionKind],
];

/** How many rows of each kind the reader may see. One counting query per kind. */
export async function countsView(reader: Reader): Promise<{ readonly [kind: string]: number }> {
  const counts: { [kind: string]: number } = {};
  for (const [name, kind] of counted) counts[name] = await reader.count(kind, {});
  return counts;
}
