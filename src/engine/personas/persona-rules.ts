import { attemptKind } from "../../core/execution/attempt.ts";
import { packLimits } from "../../core/memory/context-pack.ts";
import type { InboxItem } from "../../core/oversight/inbox-item.ts";
import { type Performer, type Persona, type PersonaCheck, personaKind } from "../../core/personas/persona.ts";
import type { Reader } from "../ports/store.ts";

/** The persona of a performer; undefined: a person, or a persona that is not in the library. */
async function personaOf(reader: Reader, performer: Performer | null): Promise<Persona | undefined> {
  if (performer?.kind !== "persona") return undefined;
  return (await reader.find(personaKind, { where: { key: performer.id }, limit: 1 }))[0];
}

/** How much a performer is told, and which kinds of pieces never. */
export async function contextRulesOf(
  reader: Reader,
  performer: Performer,
): Promise<{ readonly budgetTokens: number; readonly leaveOut: readonly string[] }> {
  const rules = (await personaOf(reader, performer))?.context;
  return { budgetTokens: rules?.budgetTokens ?? packLimits.defaultTokens, leaveOut: rules?.leaveOut ?? [] };
}

/** What the worldview of a persona adds for whoever judges its result. */
export const worldviewChecks = async (reader: Reader, performer: Performer | null): Promise<readonly PersonaCheck[]> =>
  (await personaOf(reader, performer))?.checks ?? [];

/** What an item says, and for a result to be judged what the worldview of its performer asks to be gone through. */
export async function detailWithChecks(reader: Reader, item: InboxItem): Promise<string> {
  if (item.kind !== "check" || item.subjectKind !== "attempt") return item.detail;
  const attempt = await reader.get(attemptKind, item.subjectId);
  const checks = await worldviewChecks(reader, attempt?.performer ?? null);
  if (attempt === undefined || checks.length === 0) return item.detail;
  const lines = checks.map(({ kind, statement }) => (kind === "rule" ? `- Must hold: ${statement}` : `- Ask: ${statement}`));
  return [item.detail, "", `The worldview of ${attempt.performer.id} adds:`, ...lines].join("\n");
}
