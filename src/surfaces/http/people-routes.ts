import { type Person, type Role, personKind } from "../../core/oversight/person.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import { activeTeams } from "../../engine/oversight/membership-view.ts";
import { memberView } from "../../engine/oversight/people-view.ts";
import { removalView } from "../../engine/oversight/removal-view.ts";
import { settleRemovals } from "../../engine/oversight/settle-removals.ts";
import type { Holder } from "../../engine/ports/session-store.ts";
import { commandAnswer, reasonBody, type ReasonBody } from "../../contract/fields.ts";
import {
  type InviteBody,
  inviteBody,
  invitationDocument,
  organizationBody,
  profileBody,
  removalPreview,
  rolesBody,
} from "../../contract/people-contract.ts";
import { peopleDocument } from "../../contract/session-contract.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { answerOf, command, reading } from "./references.ts";
import { idFromKey } from "./request-routes.ts";
import { addressOf, makeLink } from "./sign-in-links.ts";

const maxListed = 1_000;

/** Members: who they are, what they may do, how they come and go. */
export const peopleRoutes = (): readonly Endpoint[] => [
  ...membersRoutes(),
  renewInvitation,
  changeRoles,
  changeProfile,
  previewRemoval,
  removePerson,
];

const membersRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/people",
    summary: "The members of the organization",
    past: true,
    answer: peopleDocument,
    run: async (use, { member }) => {
      const seen = await use.sessions.lastSeen(asId(member.organization.id));
      return reading(use, member, async (reader) => {
        const [people, teams] = await Promise.all([reader.find(personKind, { limit: maxListed }), activeTeams(reader)]);
        return { schema: "xvc.people/1" as const, items: people.map((person) => memberView(person, teams, seen.get(person.id) ?? null)) };
      });
    },
  }),
  endpoint({
    method: "post",
    path: "/api/people",
    summary: "Invite somebody, by a link that works once, or add the account of a program",
    body: inviteBody,
    answer: invitationDocument,
    status: 201,
    run: invite,
  }),
  endpoint({
    method: "post",
    path: "/api/organization",
    summary: "Rename the organization",
    body: organizationBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const answer = await command(use, call, { projectId: null, command: { kind: "rename-organization", name: call.body.name } });
      call.forgetMembers();
      return answerOf(answer, { label: call.body.name });
    },
  }),
];

const renewInvitation = endpoint({
  method: "post",
  path: "/api/people/{reference}/invitation",
  summary: "Make a fresh invitation; earlier links of the person end",
  body: reasonBody,
  answer: invitationDocument,
  status: 201,
  run: async (use, { member, reference, header }) => {
    requireAdministrator(member);
    const person = await personOf(use, member, reference);
    if (person.state !== "invited")
      throw new Failure("conflict", "person.not-invited", {
        message: `${person.name} is ${person.state}, not invited. xvc login --person makes a sign-in link for a member.`,
      });
    await use.sessions.endLinks(holderOf(member, person.id), use.clock.nowMs());
    return invitationFor(use, member, { person, host: header("host") ?? "" });
  },
});

const changeRoles = endpoint({
  method: "post",
  path: "/api/people/{reference}/roles",
  summary: "Change what somebody may do",
  body: rolesBody,
  answer: commandAnswer,
  run: async (use, call) => {
    const person = await personOf(use, call.member, call.reference);
    const answer = await command(use, call, {
      projectId: null,
      command: { kind: "change-roles", personId: person.id, roles: call.body.roles },
    });
    call.accessChanged();
    return answerOf(answer, { label: person.name });
  },
});

const changeProfile = endpoint({
  method: "post",
  path: "/api/people/{reference}/profile",
  summary: "Change a name and e-mail address: one's own or, for administrators, anybody's",
  body: profileBody,
  answer: commandAnswer,
  run: async (use, call) => {
    const person = await personOf(use, call.member, call.reference);
    const answer = await command(use, call, {
      projectId: null,
      command: { kind: "change-person", personId: person.id, name: call.body.name, email: call.body.email },
    });
    call.forgetMembers();
    return answerOf(answer, { label: call.body.name });
  },
});

const previewRemoval = endpoint({
  method: "get",
  path: "/api/people/{reference}/removal",
  summary: "What would come of a removal",
  answer: removalPreview,
  run: async (use, { member, reference }) => {
    requireAdministrator(member);
    const person = await personOf(use, member, reference);
    const holder = holderOf(member, person.id);
    const nowMs = use.clock.nowMs();
    const [sessions, keys] = await Promise.all([use.sessions.listSessions(holder, nowMs), use.sessions.listTokens(holder, nowMs)]);
    const view = await reading(use, member, (reader) => removalView(reader, person, member.projects));
    return { schema: "xvc.removal/1" as const, ...view, sessionCount: sessions.length, keyCount: keys.length };
  },
});

const removePerson = endpoint({
  method: "post",
  path: "/api/people/{reference}/remove",
  summary: "End a membership: sessions, keys and links end, work goes back",
  body: reasonBody,
  answer: commandAnswer,
  run: remove,
});

export const holderOf = (member: Member, personId: string): Holder => ({
  organizationId: asId(member.organization.id),
  personId: asId(personId),
});

/** For what is no command of the engine: links and sessions are kept outside of the record of work. */
export function requireAdministrator(member: Member): void {
  const needed: Role = "administrator";
  if (member.person.roles.includes(needed) && !member.bound) return;
  throw new Failure("forbidden", "permission.wrong-role", {
    message: `This needs the role ${needed}; you have ${member.person.roles.join(", ") || "none"}.`,
  });
}

/** @throws {Failure} `person.not-found` */
export async function personOf(use: HttpDependencies, member: Member, reference: string): Promise<Person> {
  const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(reference);
  const found = isId ? await reading(use, member, (reader) => reader.get(personKind, reference)) : undefined;
  if (found === undefined)
    throw new Failure("not-found", "person.not-found", { message: `There is no member ${reference}. xvc people list shows them.` });
  return found;
}

async function invite(use: HttpDependencies, call: Call<unknown, InviteBody>) {
  const { name, email = null, roles } = call.body;
  const isInvited = call.body.as === "invited";
  const id = idFromKey(use.engine.digest(`${call.key} person`));
  await command(use, call, {
    projectId: null,
    command: { kind: isInvited ? "invite-person" : "add-person", id, name, email, roles },
  });
  call.forgetMembers();
  const person = await personOf(use, call.member, id);
  if (person.state === "invited") return invitationFor(use, call.member, { person, host: call.header("host") ?? "" });
  return { schema: "xvc.invitation/1" as const, person: { id, name: person.name }, url: null, expiresAtMs: null };
}

async function invitationFor(use: HttpDependencies, member: Member, about: { readonly person: Person; readonly host: string }) {
  const { person, host } = about;
  const made = await makeLink(use, { ...holderOf(member, person.id), purpose: "invitation" });
  return {
    schema: "xvc.invitation/1" as const,
    person: { id: person.id, name: person.name },
    url: `${addressOf(use, host)}/invitation?token=${made.secret}`,
    expiresAtMs: made.expiresAtMs,
  };
}

async function remove(use: HttpDependencies, call: Call<unknown, ReasonBody>) {
  const { member } = call;
  const person = await personOf(use, member, call.reference);
  const answer = await command(use, call, {
    projectId: null,
    command: { kind: "remove-person", personId: person.id, reason: call.body.reason ?? "" },
  });
  call.accessChanged();
  for (const credential of await use.sessions.endAll(holderOf(member, person.id), use.clock.nowMs())) call.endStreams(credential);
  // The sweeper would do it within seconds; whoever removes somebody sees the work come back at once.
  await settleRemovals(use.engine, asId(member.organization.id));
  return answerOf(answer, { label: person.name });
}
