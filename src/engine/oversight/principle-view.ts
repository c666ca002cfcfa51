import { type Principle, principleKind, principleLabel } from "../../core/oversight/principle.ts";
import type { Reader } from "../ports/store.ts";
import { type NamedPerformer, namedPerson, readPeople } from "./people-view.ts";

export interface PrincipleView {
  readonly id: string;
  readonly label: string;
  readonly state: Principle["state"];
  readonly statement: string;
  readonly explanation: string;
  readonly writtenBy: NamedPerformer;
  readonly writtenAtMs: number;
  readonly replacesId: string | null;
}

export interface PrinciplesView {
  readonly schema: "xvc.principles/1";
  readonly items: readonly PrincipleView[];
  readonly mayWrite: boolean;
}

/** Wordings shown, those no longer in force among them. */
const maxShown = 500;

/** The principles in the order in which they were written; earlier wordings stay readable. */
export async function principlesView(reader: Reader, viewerId: string): Promise<PrinciplesView> {
  const rows = await reader.find(principleKind, { limit: maxShown });
  const people = await readPeople(reader);
  const viewer = people.get(viewerId);
  return {
    schema: "xvc.principles/1",
    items: rows.map(({ id, number, state, statement, explanation, writtenBy, writtenAtMs, replacesId }) => ({
      id,
      state,
      statement,
      explanation,
      writtenAtMs,
      replacesId,
      label: principleLabel(number),
      writtenBy: namedPerson(people, writtenBy),
    })),
    mayWrite: viewer?.state === "active" && viewer.roles.some((role) => role === "administrator" || role === "director"),
  };
}
