import {
  decideCandidacyEnd,
  decideNewCandidacy,
  decideShare,
  type EndCandidacy,
  type NewCandidacySlice,
  type ShareCandidacy,
  type StartCandidacy,
} from "../../core/feedback/decide-candidacy.ts";
import { candidacyKind } from "../../core/personas/candidacy.ts";
import { personaKind } from "../../core/personas/persona.ts";
import { handler } from "../shared/command-handler.ts";
import { lockOne } from "../shared/load-slice.ts";

/** New versions of one persona, over all of its time. */
const maxBefore = 1_000;

export const startCandidacyHandler = handler<StartCandidacy, NewCandidacySlice>({
  async load(transaction, { fields }) {
    const [known] = await transaction.find(personaKind, { where: { key: fields.key }, limit: 1 });
    // Locked, so that two starts come one after the other.
    const [persona] = known === undefined ? [] : await transaction.lock(personaKind, [known.id]);
    return {
      persona,
      before: await transaction.find(candidacyKind, { where: { personaKey: fields.key }, newestFirst: true, limit: maxBefore }),
      running: await transaction.count(candidacyKind, { where: { state: "running" } }),
    };
  },
  decide: decideNewCandidacy,
});

export const shareCandidacyHandler = handler({
  load: async (transaction, command: ShareCandidacy) => ({ candidacy: await lockOne(transaction, candidacyKind, command.candidacyId) }),
  decide: decideShare,
});

export const endCandidacyHandler = handler({
  async load(transaction, command: EndCandidacy) {
    const candidacy = await lockOne(transaction, candidacyKind, command.candidacyId);
    const [known] = await transaction.find(personaKind, { where: { key: candidacy.personaKey }, limit: 1 });
    return { candidacy, persona: await lockOne(transaction, personaKind, known?.id ?? "") };
  },
  decide: decideCandidacyEnd,
});
