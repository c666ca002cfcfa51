import { type Attempt, attemptKind } from "../../core/execution/attempt.ts";
import { packLimits } from "../../core/memory/context-pack.ts";
import type { InboxItem } from "../../core/oversight/inbox-item.ts";
import { candidacyKind } from "../../core/personas/candidacy.ts";
import { type Performer, type Persona, type PersonaCheck, personaKind } from "../../core/personas/persona.ts";
import type { Reader } from "../ports/store.ts";

/** A persona at one of its versions: the present one, or the one that runs beside it; undefined: neither has that number. Absent: the present one. */
export async function personaAt(
  reader: Reader,
  { key, personaVersion }: { readonly key: string; readonly personaVersion: number | undefined },
): Promise<Persona | undefined> {
  const [persona] = await reader.find(personaKind, { where: { key }, limit: 1 });
  if (persona === undefined || personaVersion === undefined || persona.personaVersion === personaVersion) return persona;
  const [candidacy] = await reader.find(candidacyKind, { where: { personaKey: key, state: "running" }, limit: 1 });
  return candidacy?.candidateVersion === personaVersion ? { ...persona, ...candidacy.fields } : undefined;
}

/** The persona that an attempt is done by, as it is told to its executor: a version that ended meanwhile makes way for the present one. */
export async function personaOfAttempt(
  reader: Reader,
  { performer, personaVersion }: Pick<Attempt, "performer" | "personaVersion">,
): Promise<Persona | undefined> {
  if (performer.kind !== "persona") return undefined;
  const key = performer.id;
  return (await personaAt(reader, { key, personaVersion })) ?? (await personaAt(reader, { key, personaVersion: undefined }));
}

/** The persona of a performer; undefined: a person, or a persona that is not in the library. */
const personaOf = async (reader: Reader, performer: Performer | null): Promise<Persona | undefined> =>
  performer?.kind === "persona" ? personaAt(reader, { key: performer.id, personaVersion: undefined }) : undefined;

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
  if (attempt === undefined) return item.detail;
  const checks = (await personaOfAttempt(reader, attempt))?.checks ?? [];
  if (checks.length === 0) return item.detail;
  const lines = checks.map(({ kind, statement }) => (kind === "rule" ? `- Must hold: ${statement}` : `- Ask: ${statement}`));
  return [item.detail, "", `The worldview of ${attempt.performer.id} adds:`, ...lines].join("\n");
}
