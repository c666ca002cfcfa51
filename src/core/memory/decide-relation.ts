import type { DecideContext } from "../shared/decide-context.ts";
import type { ProjectId } from "../shared/ids.ts";
import { type Decided, type Refusal, beginStep, refuse } from "../shared/transition.ts";
import { subjectProblem } from "./decide-tag.ts";
import { type Relation, relationKind, relationLimits } from "./relation.ts";
import type { FoundSubject, Subject } from "./subject.ts";

/** Says that one thing stands in a role to another, or that it does no more. */
export interface Relate {
  readonly kind: "add-relation" | "remove-relation";
  readonly from: Subject;
  readonly role: string;
  readonly to: Subject;
}

export interface RelationSlice {
  readonly projectId: ProjectId;
  /** Both ends; undefined: there is no such thing here. */
  readonly from: FoundSubject | undefined;
  readonly to: FoundSubject | undefined;
  /** The row of these ends and this role, whatever its state. */
  readonly relation: Relation | undefined;
  /** Relations that begin at `from` now. */
  readonly count: number;
}

/** Relations are a set as tags are: saying one twice is the same as once and changes nothing. */
export function decideRelation(slice: RelationSlice, command: Relate, context: DecideContext): Decided {
  const { relation } = slice;
  const problem = endsProblem(slice, command) ?? roleProblem(command.role);
  if (problem !== null) return problem;
  const { draft } = beginStep(context);
  const adds = command.kind === "add-relation";
  const said = (id: string): Decided => draft.accept({ id, state: adds ? "present" : "removed", label: command.role });
  const isPresent = relation?.state === "present";
  if (isPresent === adds) return said(relation?.id ?? "");
  if (isPresent) {
    draft.change(relationKind, relation, { state: "removed" });
    draft.record(relationKind, relation, "relation.removed", aboutOf(slice, command));
    return said(relation.id);
  }
  if (slice.count >= relationLimits.perSubject)
    return refuse(
      "exhausted",
      "relation.too-many",
      `This has ${relationLimits.perSubject} relations, which is the most; take one off first.`,
    );
  const put =
    relation === undefined
      ? draft.create(relationKind, { id: context.newId(), projectId: slice.projectId, ...endsOf(command), state: "present" })
      : draft.change(relationKind, relation, { state: "present" });
  draft.record(relationKind, put, "relation.added", aboutOf(slice, command));
  return said(put.id);
}

const endsOf = ({ from, role, to }: Relate) => ({ fromKind: from.kind, fromId: from.id, role, toKind: to.kind, toId: to.id });

function aboutOf({ from, to }: RelationSlice, command: Relate) {
  const requestId = from?.requestId ?? to?.requestId ?? null;
  return { ...endsOf(command), ...(requestId === null ? {} : { requestId }) };
}

function endsProblem({ from, to }: RelationSlice, command: Relate): Refusal | null {
  if (command.from.id === command.to.id)
    return refuse("invalid", "relation.to-itself", "Nothing is related to itself; name two different things.");
  // What begins or ends at something that is gone may still be taken off.
  if (command.kind === "remove-relation" && from !== undefined && to !== undefined) return null;
  return subjectProblem(from, command.from) ?? subjectProblem(to, command.to);
}

const roleProblem = (role: string): Refusal | null =>
  /^[a-z0-9][a-z0-9._-]*$/u.test(role) && role.length <= relationLimits.roleLength
    ? null
    : refuse(
        "invalid",
        "relation.bad-role",
        `A role is lower case letters, digits, dots and dashes, at most ${relationLimits.roleLength}: supplies.`,
      );
