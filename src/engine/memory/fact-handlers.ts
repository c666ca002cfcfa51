import { type CorrectFact, type RecordFact, decideCorrection, decideFact } from "../../core/memory/decide-fact.ts";
import { comparedForm, factKind } from "../../core/memory/fact.ts";
import { projectKindOf } from "../../core/oversight/person.ts";
import { handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne, readOne } from "../shared/load-slice.ts";
import { isKnownSubject } from "./subject-row.ts";

export const recordFactHandler = handler({
  load: async (transaction, command: RecordFact, context) => {
    const { subjectKind, subjectId, attribute } = command;
    const ofWords = subjectKind === "words";
    const where = { subjectKind, subjectId: ofWords ? comparedForm(subjectId) : subjectId, attribute: comparedForm(attribute) };
    const [known] = await transaction.find(factKind, { where, limit: 1 });
    return {
      project: await readOne(transaction, projectKindOf, context.caller.projectId ?? ""),
      person: await loadPerson(transaction, context),
      subjectIsThere: ofWords || (await isKnownSubject(transaction, { kind: subjectKind, id: subjectId })),
      fact: known === undefined ? undefined : await lockOne(transaction, factKind, known.id),
    };
  },
  decide: decideFact,
});

export const correctFactHandler = handler({
  load: async (transaction, command: CorrectFact, context) => ({
    fact: await lockOne(transaction, factKind, command.factId),
    person: await loadPerson(transaction, context),
  }),
  decide: decideCorrection,
});
