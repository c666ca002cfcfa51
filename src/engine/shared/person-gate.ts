import { type Permission, asksPermission, permissionProblem, permissions } from "../../core/oversight/permissions.ts";
import { asksForTeams, mayEnter } from "../../core/oversight/project-access.ts";
import { personKind, projectKindOf } from "../../core/oversight/person.ts";
import { type Refusal, refuse } from "../../core/shared/transition.ts";
import { activeTeams } from "../oversight/membership-view.ts";
import type { Transaction } from "../ports/store.ts";
import type { Caller } from "./caller.ts";
import type { Command } from "./commands.ts";

/** A kind of command without its row fails here: who may send it is stated before it can be sent. */
const permissionOf: { readonly [kind in Command["kind"]]: Permission } = permissions;

/** Sent by jobs in the name of whoever did the work, a person too; the attempt's epoch is their fence, and no route carries them. */
const reportsWork: ReadonlySet<Command["kind"]> = new Set(["finish-attempt", "schedule-attempt-end"]);

/** The transaction, in which the gate and the handler read the acting person and the project once for both. */
export function readingOnce(transaction: Transaction, { actor, projectId }: Caller): Transaction {
  const read = new Map<string, Promise<unknown>>();
  return {
    ...transaction,
    get(kind, id) {
      const shared = (kind.name === personKind.name && id === actor.id) || (kind.name === projectKindOf.name && id === projectId);
      if (!shared) return transaction.get(kind, id);
      const known = read.get(kind.name) ?? transaction.get(kind, id);
      read.set(kind.name, known);
      return known as ReturnType<typeof transaction.get<never>>; // the same kind and id
    },
  };
}

/**
 * The door for people: an active member with a role for this kind of command, in a project that is theirs to enter.
 * A project that is not theirs answers exactly as one that is not there.
 */
export async function gateProblem(transaction: Transaction, caller: Caller, command: Command): Promise<Refusal | null> {
  if (!asksPermission(caller.actor) || reportsWork.has(command.kind)) return null;
  const { projectId } = caller;
  const [person, project] = await Promise.all([
    transaction.get(personKind, caller.actor.id),
    projectId === null ? undefined : transaction.get(projectKindOf, projectId),
  ]);
  const refused = permissionProblem(permissionOf[command.kind], person);
  if (refused !== null || projectId === null) return refused;
  const isOpen = project !== undefined && mayEnter(project, person, asksForTeams(project) ? await activeTeams(transaction) : []);
  return isOpen ? null : refuse("not-found", "project.not-found", `There is no project with the id ${projectId} here.`);
}
