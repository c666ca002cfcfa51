import {
  type AddPerson,
  type ChangePerson,
  type ChangeRoles,
  type FoundOrganization,
  type JoinOrganization,
  type LinkIdentity,
  type PeopleSlice,
  type RemovePerson,
  type RenameOrganization,
  type SettleRemoval,
  decideFounding,
  decideIdentity,
  decideJoining,
  decideNewPerson,
  decideOrganizationName,
  decideProfile,
  decideRemoval,
  decideRoles,
  decideSettledRemoval,
  foldEmail,
} from "../../core/oversight/decide-people.ts";
import { type Person, organizationKindOf, personKind } from "../../core/oversight/person.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne } from "../shared/load-slice.ts";
import { maxNamedPeople } from "./people-view.ts";

/** Locks the organization first: two decisions about its people never cross, so one administrator always stays. */
async function loadPeople(
  transaction: Transaction,
  context: LoadContext,
  about: { readonly personId: string; readonly email?: string | null },
): Promise<PeopleSlice> {
  const organization = await lockOne(transaction, organizationKindOf, context.caller.organizationId);
  const [subject] = await transaction.lock(personKind, [about.personId]);
  const active = await transaction.find(personKind, { where: { state: "active" }, limit: maxNamedPeople });
  return {
    organization,
    subject,
    person: await loadPerson(transaction, context),
    sameEmail: await withEmail(transaction, about),
    administrators: active.filter((member) => member.roles.includes("administrator")).length,
  };
}

async function withEmail(
  transaction: Transaction,
  { personId, email = null }: { readonly personId: string; readonly email?: string | null },
): Promise<Person | undefined> {
  const folded = foldEmail(email);
  if (folded === null) return undefined;
  const same = await transaction.find(personKind, { where: { email: folded, state: ["invited", "active"] }, limit: 2 });
  return same.find((person) => person.id !== personId);
}

export const foundOrganizationHandler = handler({
  load: async (transaction, command: FoundOrganization) => ({ organization: await transaction.get(organizationKindOf, command.id) }),
  decide: decideFounding,
});

export const renameOrganizationHandler = handler({
  load: async (transaction, _command: RenameOrganization, { caller }) => ({
    organization: await lockOne(transaction, organizationKindOf, caller.organizationId),
  }),
  decide: decideOrganizationName,
});

export const addPersonHandler = handler({
  load: (transaction, command: AddPerson, context) => loadPeople(transaction, context, { personId: command.id, email: command.email }),
  decide: decideNewPerson,
});

export const joinOrganizationHandler = handler({
  load: (transaction, _command: JoinOrganization, context) => loadPeople(transaction, context, { personId: context.caller.actor.id }),
  decide: decideJoining,
});

export const changePersonHandler = handler({
  load: (transaction, command: ChangePerson, context) => loadPeople(transaction, context, command),
  decide: decideProfile,
});

export const changeRolesHandler = handler({
  load: (transaction, command: ChangeRoles, context) => loadPeople(transaction, context, { personId: command.personId }),
  decide: decideRoles,
});

export const removePersonHandler = handler({
  load: (transaction, command: RemovePerson, context) => loadPeople(transaction, context, { personId: command.personId }),
  decide: decideRemoval,
});

export const linkIdentityHandler = handler({
  async load(transaction, command: LinkIdentity, { caller }) {
    await lockOne(transaction, organizationKindOf, caller.organizationId);
    const [subject] = await transaction.lock(personKind, [command.personId]);
    const members = await transaction.find(personKind, { where: { state: ["invited", "active"] }, limit: maxNamedPeople });
    const { issuer, subject: name } = command.identity;
    return { subject, holder: members.find(({ identity }) => identity?.issuer === issuer && identity.subject === name) };
  },
  decide: decideIdentity,
});

export const settleRemovalHandler = handler({
  load: async (transaction, command: SettleRemoval) => ({ subject: (await transaction.lock(personKind, [command.personId]))[0] }),
  decide: decideSettledRemoval,
});
