import type { Context } from "hono";
import { deleteCookie, getCookie } from "hono/cookie";
import { z } from "zod";
import { personKind, type Project } from "../../core/oversight/person.ts";
import { Failure } from "../../core/shared/failure.ts";
import { personView } from "../../engine/oversight/people-view.ts";
import type { Session } from "../../engine/ports/session-store.ts";
import { commandAnswer, idField } from "../../contract/fields.ts";
import { sessionsDocument } from "../../contract/people-contract.ts";
import { meDocument, type ProjectDocument, signInLink, signInLinkBody } from "../../contract/session-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { cookieName, isSecure, originCheck } from "./guard.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { holderOf, personOf, requireAdministrator } from "./people-routes.ts";
import { reading } from "./references.ts";
import { addressOf, makeLink } from "./sign-in-links.ts";

export const projectView = ({ id, key, name, mode, state, planApproverRoles, access }: Project): ProjectDocument => ({
  id,
  key,
  name,
  mode,
  state,
  planApproverRoles,
  access: access ?? { kind: "everyone" },
});

export const sessionRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/me",
    summary: "Who is signed in",
    answer: meDocument,
    run: async (use, { member }) => {
      const people = await reading(use, member, (reader) => reader.find(personKind, { where: { state: "active" }, limit: 2 }));
      return {
        schema: "xvc.me/1" as const,
        person: personView(member.person),
        organization: { id: member.organization.id, name: member.organization.name, currency: member.organization.currency },
        projects: member.projects.map(projectView),
        csrfToken: member.csrfToken,
        solo: people.length === 1,
      };
    },
  }),
  endpoint({
    method: "post",
    path: "/api/sign-in-links",
    summary: "Make a fresh one-time sign-in link",
    answer: signInLink,
    status: 201,
    body: signInLinkBody,
    localOnly: true,
    run: async (use, { member, header, body }) => {
      const personId = await personFor(use, member, body.person);
      const made = await makeLink(use, { ...holderOf(member, personId), purpose: "sign-in" });
      return {
        schema: "xvc.sign-in-link/1" as const,
        url: `${addressOf(use, header("host") ?? "")}/sign-in?token=${made.secret}`,
        expiresAtMs: made.expiresAtMs,
      };
    },
  }),
  ...ownSessions(),
];

const ownSessions = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/sessions",
    summary: "Browsers that are signed in: one's own or, for administrators, another member's",
    query: z.object({ person: idField.optional() }),
    answer: sessionsDocument,
    run: async (use, { member, query }) => ({
      schema: "xvc.sessions/1" as const,
      items: (await sessionsOf(use, member, query.person ?? member.person.id)).map(currentSession(use, member)),
    }),
  }),
  endpoint({
    method: "post",
    path: "/api/sessions/{reference}/end",
    summary: "Sign a browser out at once",
    body: z.strictObject({ person: idField.optional() }),
    answer: commandAnswer,
    run: async (use, { member, reference, body, endStreams }) => {
      const sessions = await sessionsOf(use, member, body.person ?? member.person.id);
      const found = sessions.find((session) => sessionId(use, session) === reference);
      if (found === undefined)
        throw new Failure("not-found", "session.not-found", { message: "There is no such session, or it ended already." });
      await use.sessions.endSession(found.tokenSha256, use.clock.nowMs());
      endStreams(found.tokenSha256);
      return { schema: "xvc.answer/1" as const, id: reference, state: "ended" };
    },
  }),
];

const maxLooked = 2_000;

const currentSession = (use: HttpDependencies, member: Member) => (session: Session) => ({
  id: sessionId(use, session),
  about: session.about,
  createdAtMs: session.createdAtMs,
  seenAtMs: session.seenAtMs,
  expiresAtMs: session.expiresAtMs,
  current: session.tokenSha256 === member.credential,
});

/** A session's name for people: it follows from the hash that is kept, and opens nothing. */
const sessionId = (use: HttpDependencies, session: Session): string => use.engine.digest(`session ${session.tokenSha256}`).slice(0, 16);

/** Whose sessions: one's own, or, for administrators, anybody's. */
async function sessionsOf(use: HttpDependencies, member: Member, personId: string): Promise<readonly Session[]> {
  if (personId !== member.person.id) {
    requireAdministrator(member);
    await personOf(use, member, personId);
  }
  return use.sessions.listSessions(holderOf(member, personId), use.clock.nowMs());
}

/** A link for another member, for whoever has the server's machine: they could read the database as well. */
async function personFor(use: HttpDependencies, member: Member, wanted: string | undefined): Promise<string> {
  if (wanted === undefined) return member.person.id;
  const people = await reading(use, member, (reader) =>
    reader.find(personKind, { where: { state: ["active", "invited"] }, limit: maxLooked }),
  );
  const folded = wanted.trim().toLowerCase();
  const found = people.filter((person) => person.id === wanted || person.name.toLowerCase() === folded || person.email === folded);
  const [person] = found;
  if (person === undefined)
    throw new Failure("not-found", "person.not-found", { message: `There is no member ${wanted}. xvc people list shows them.` });
  if (found.length > 1)
    throw new Failure("conflict", "person.ambiguous", {
      message: `${found.length} members are called ${wanted}; name the id or the e-mail address.`,
    });
  return person.id;
}

/** `POST /sign-out`: ends the session and every stream that lives by it. */
export async function signOut(use: HttpDependencies, context: Context, endStreams: (credential: string) => void): Promise<Response> {
  originCheck(context, use.hosts());
  const host = context.req.header("host") ?? "";
  const name = cookieName(use, host);
  const secret = getCookie(context, name);
  if (secret !== undefined) {
    const tokenSha256 = use.engine.digest(secret);
    await use.sessions.endSession(tokenSha256, use.clock.nowMs());
    endStreams(tokenSha256);
  }
  deleteCookie(context, name, { path: "/", secure: isSecure(use, host) });
  return context.body(null, 204);
}
