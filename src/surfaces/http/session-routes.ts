import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { personKind, type Project } from "../../core/oversight/person.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import { personView } from "../../engine/oversight/people-view.ts";
import { meDocument, type ProjectDocument, signInBody, signInLink } from "../../contract/session-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { cookieName, csrfTokenOf, originCheck, readJsonBody } from "./guard.ts";
import type { HttpDependencies } from "./http-dependencies.ts";
import { reading } from "./references.ts";

/** A browser stays signed in for a working day and the evening after it. */
const sessionMs = 16 * 3_600_000;
const linkMs = 30 * 60_000;

export const projectView = ({ id, key, name, mode, state, planApproverRoles }: Project): ProjectDocument => ({
  id,
  key,
  name,
  mode,
  state,
  planApproverRoles,
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
    localOnly: true,
    run: async (use, { member, header }) => {
      const made = await makeSignInLink(use, { organizationId: member.organization.id, personId: member.person.id });
      return {
        schema: "xvc.sign-in-link/1" as const,
        url: `http://${header("host") ?? ""}/sign-in?token=${made.secret}`,
        expiresAtMs: made.expiresAtMs,
      };
    },
  }),
];

/** Makes a one-time secret that signs a person in. It is returned here and kept nowhere. */
export async function makeSignInLink(
  use: Pick<HttpDependencies, "ids" | "clock" | "engine" | "sessions">,
  holder: { readonly organizationId: string; readonly personId: string },
): Promise<{ readonly secret: string; readonly expiresAtMs: number }> {
  const secret = use.ids.secret();
  const createdAtMs = use.clock.nowMs();
  const expiresAtMs = createdAtMs + linkMs;
  await use.sessions.createLink({
    organizationId: asId(holder.organizationId),
    personId: asId(holder.personId),
    secretSha256: use.engine.digest(secret),
    purpose: "sign-in",
    createdAtMs,
    expiresAtMs,
  });
  return { secret, expiresAtMs };
}

/** `POST /sign-in/link`: the only route that makes a session, from a secret that works once. */
export async function signIn(use: HttpDependencies, context: Context): Promise<Response> {
  originCheck(context, use.hosts());
  const { token } = signInBody.parse(await readJsonBody(context));
  const nowMs = use.clock.nowMs();
  const holder = await use.sessions.consumeLink(use.engine.digest(token), nowMs);
  if (holder === undefined)
    throw new Failure("forbidden", "session.link-used", {
      message: "This link was used before or is older than 30 minutes. Run xvc login for a fresh one.",
    });
  const secret = use.ids.secret();
  await use.sessions.createSession({
    ...holder,
    tokenSha256: use.engine.digest(secret),
    csrfSha256: use.engine.digest(csrfTokenOf(use, secret)),
    createdAtMs: nowMs,
    expiresAtMs: nowMs + sessionMs,
  });
  // Host-only: no Domain. Loopback without TLS, so neither Secure nor the __Host- prefix is possible here.
  setCookie(context, cookieName(context.req.header("host") ?? ""), secret, {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    maxAge: sessionMs / 1_000,
  });
  return context.json({ schema: "xvc.signed-in/1" });
}

/** `POST /sign-out`: ends the session and every stream that lives by it. */
export async function signOut(use: HttpDependencies, context: Context, endStreams: (credential: string) => void): Promise<Response> {
  originCheck(context, use.hosts());
  const name = cookieName(context.req.header("host") ?? "");
  const secret = getCookie(context, name);
  if (secret !== undefined) {
    const tokenSha256 = use.engine.digest(secret);
    await use.sessions.endSession(tokenSha256, use.clock.nowMs());
    endStreams(tokenSha256);
  }
  deleteCookie(context, name, { path: "/" });
  return context.body(null, 204);
}
