import { isActive } from "../oversight/authority.ts";
import { type Objective, objectiveLabel } from "../oversight/objective.ts";
import type { Person } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, beginStep, refuse } from "../shared/transition.ts";
import { type Serves, type WorkRequest, requestKind } from "./request.ts";

/** Says which objective a request serves; null: none. */
export interface SetObjective {
  readonly kind: "set-objective";
  readonly requestId: string;
  readonly objectiveId: string | null;
}

type Served = Serves["objective"];

const servedBy = (objective: Objective | undefined): Served =>
  objective === undefined ? null : { id: objective.id, label: objectiveLabel(objective.number), title: objective.title };

const serving = (brief: WorkRequest["brief"], objective: Served): WorkRequest["brief"] =>
  brief === null ? null : { ...brief, serves: { principles: brief.serves?.principles ?? [], objective } };

/** Links a request with an open objective, or takes the link away; its brief says so from then on. */
export function decideServing(
  slice: { readonly request: WorkRequest; readonly person: Person | undefined; readonly objective: Objective | undefined },
  command: SetObjective,
  context: DecideContext,
): Decided {
  const { request, objective } = slice;
  if (!isActive(slice.person)) return refuse("forbidden", "request.not-a-member", "Only an active member can say what a request serves.");
  if (command.objectiveId !== null && objective?.state !== "open")
    return refuse("conflict", "objective.not-open", "This objective is not open any more; choose another one, or none.");
  const { draft } = beginStep(context);
  const serves = servedBy(objective);
  draft.change(requestKind, request, { objectiveId: command.objectiveId, brief: serving(request.brief, serves) });
  draft.record(requestKind, request, "request.serves", {
    requestId: request.id,
    objectiveId: command.objectiveId,
    label: serves?.label ?? null,
  });
  return draft.accept({ id: request.id, state: request.state, objectiveId: command.objectiveId });
}
