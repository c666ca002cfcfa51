import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context, Env } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { foldEmail } from "../../core/oversight/decide-people.ts";
import { organizationKindOf, type Person, personKind } from "../../core/oversight/person.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import type { Holder } from "../../engine/ports/session-store.ts";
import type { Reader } from "../../engine/ports/store.ts";
import type { SignInSecrets, VouchedIdentity } from "../../engine/ports/sign-in-service.ts";
import { linkRequestBody, signInBody } from "../../contract/session-contract.ts";
import { cookieName, csrfTokenOf, isSecure, originCheck, readJsonBody } from "./guard.ts";
import type { HttpDependencies, SignInWaysHere } from "./http-dependencies.ts";
import { addressOf, makeLink } from "./sign-in-links.ts";

/** A browser stays signed in for a working day and the evening after it. */
const sessionMs = 16 * 3_600_000;
/** How long somebody may take at the sign-in service. */
const awayMs = 10 * 60_000;
/** Links asked for by mail: for one address, and for all of them, in one window. */
const requestLimits = { windowMs: 15 * 60_000, perAddress: 5, all: 200 } as const;
const maxMembers = 2_000;

/** The routes that answer without a session: each of them needs a secret of its own, or gives nothing away. */
export function mountSignIn<E extends Env>(app: OpenAPIHono<E>, use: HttpDependencies): void {
  app.get("/sign-in/ways", (context) =>
    context.json({
      schema: "xvc.sign-in-ways/1",
      mail: (use.signIn?.mail ?? null) !== null,
      oidc: use.signIn?.oidc?.name ?? null,
    }),
  );
  app.post("/sign-in/link", (context) => signInByLink(use, context));
  app.post("/sign-in/look", (context) => lookAtLink(use, context));
  app.post("/sign-in/request", (context) => requestLink(use, context));
  app.get("/sign-in/oidc", (context) => beginOidc(use, context));
  app.get("/sign-in/oidc/return", (context) => finishOidc(use, context));
}

/** The only ways to a session: a secret that works once, or an identity that the sign-in service vouches for. */
async function signInByLink(use: HttpDependencies, context: Context): Promise<Response> {
  originCheck(context, use.hosts());
  const { token } = signInBody.parse(await readJsonBody(context));
  const holder = await use.sessions.consumeLink(use.engine.digest(token), use.clock.nowMs());
  if (holder === undefined) throw usedLink();
  await join(use, holder);
  await openSession(use, context, holder);
  return context.json({ schema: "xvc.signed-in/1" });
}

const usedLink = (): Failure =>
  new Failure("forbidden", "session.link-used", {
    message: "This link was used before or is too old. Run xvc login for a fresh one, or ask an administrator.",
  });

/** What a link would do, for the page that asks first. Mail scanners open links; only the press of a button uses one. */
async function lookAtLink(use: HttpDependencies, context: Context): Promise<Response> {
  originCheck(context, use.hosts());
  const { token } = signInBody.parse(await readJsonBody(context));
  const link = await use.sessions.readLink(use.engine.digest(token), use.clock.nowMs());
  if (link === undefined) throw usedLink();
  const { organizationId, personId, purpose, expiresAtMs } = link;
  const [person, organization] = await use.engine.read({ organizationId, projectIds: [] }, (reader) =>
    Promise.all([reader.get(personKind, personId), reader.get(organizationKindOf, organizationId)]),
  );
  if (person === undefined || organization === undefined || person.state === "removed") throw usedLink();
  return context.json({ schema: "xvc.link/1", purpose, person: person.name, organization: organization.name, expiresAtMs });
}

/** Whoever was invited becomes a member at the first sign-in. */
async function join(use: HttpDependencies, { organizationId, personId }: Holder): Promise<void> {
  const person = await use.engine.read({ organizationId, projectIds: [] }, (reader) => reader.get(personKind, personId));
  if (person?.state === "active") return;
  if (person?.state !== "invited")
    throw new Failure("forbidden", "session.not-a-member", { message: "You are no active member of this organization any more." });
  await use.engine.apply(
    { organizationId, projectId: null, actor: { kind: "person", id: personId }, key: `join:${personId}` },
    { kind: "join-organization" },
  );
}

async function openSession(use: HttpDependencies, context: Context, holder: Holder): Promise<void> {
  const secret = use.ids.secret();
  const nowMs = use.clock.nowMs();
  const host = context.req.header("host") ?? "";
  await use.sessions.createSession({
    organizationId: holder.organizationId,
    personId: holder.personId,
    tokenSha256: use.engine.digest(secret),
    csrfSha256: use.engine.digest(csrfTokenOf(use, secret)),
    createdAtMs: nowMs,
    seenAtMs: nowMs,
    expiresAtMs: nowMs + sessionMs,
    about: browserOf(context.req.header("user-agent") ?? ""),
  });
  // Host-only: no Domain. Secure and the __Host- name wherever the browser speaks TLS.
  setCookie(context, cookieName(use, host), secret, {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure: isSecure(use, host),
    maxAge: sessionMs / 1_000,
  });
}

const browsers = ["Firefox", "Edg", "OPR", "Chrome", "Safari"] as const;
const systems = ["Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux"] as const;
const shownAs: { readonly [word: string]: string } = { Edg: "Edge", OPR: "Opera", "Mac OS X": "macOS" };

/** A browser's name for itself in a few words; it is shown, and decides nothing. */
function browserOf(userAgent: string): string {
  const [browser, system] = [browsers.find((word) => userAgent.includes(word)), systems.find((word) => userAgent.includes(word))];
  const words = [browser, system].flatMap((word) => (word === undefined ? [] : [shownAs[word] ?? word]));
  return words.length === 0 ? "an unknown browser" : words.join(" on ");
}

/** `POST /sign-in/request`: the same answer for every address, whether it is known, unknown or tried too often. */
async function requestLink(use: HttpDependencies, context: Context): Promise<Response> {
  originCheck(context, use.hosts());
  const { email } = linkRequestBody.parse(await readJsonBody(context));
  if (use.signIn !== undefined && use.signIn.mail !== null)
    void requestSignInLink(use, use.signIn, { email, host: context.req.header("host") ?? "" }).catch((cause: unknown) =>
      use.log({ level: "error", instance: use.ids.next(), method: "POST", path: "/sign-in/request", status: 202, durationMs: 0, cause }),
    );
  return context.json({ schema: "xvc.sign-in-requested/1" }, 202);
}

/** Sends a member a sign-in link by mail, at most so often. Nobody waits for it, so its time tells nothing. */
export async function requestSignInLink(
  use: HttpDependencies,
  ways: SignInWaysHere,
  asked: { readonly email: string; readonly host: string },
): Promise<void> {
  const email = foldEmail(asked.email);
  if (email === null || ways.mail === null) return;
  const window = { lengthMs: requestLimits.windowMs, atMs: use.clock.nowMs() };
  const all = await use.sessions.countTry(use.engine.digest("sign-in request"), window);
  const here = await use.sessions.countTry(use.engine.digest(`sign-in request ${email}`), window);
  if (all > requestLimits.all || here > requestLimits.perAddress) return;
  const { organizationId } = ways;
  const [person] = await membersBy(use, ways, (reader) =>
    reader.find(personKind, { where: { email, state: ["active", "invited"] }, limit: 1 }),
  );
  if (person === undefined) return;
  const holder = { organizationId, personId: asId<"person">(person.id) };
  const made = await makeLink(use, { ...holder, purpose: "sign-in" });
  const url = `${addressOf(use, asked.host)}/sign-in?token=${made.secret}`;
  await ways.mail({ ...holder, to: email, url, expiresAtMs: made.expiresAtMs });
}

const membersBy = <Result>(
  use: HttpDependencies,
  { organizationId }: SignInWaysHere,
  work: (reader: Reader) => Promise<Result>,
): Promise<Result> => use.engine.read({ organizationId, projectIds: [] }, work);

const awayCookie = "xvc_away";

/** Sends the browser to the sign-in service. All secrets of the way come from one that only its cookie knows. */
async function beginOidc(use: HttpDependencies, context: Context): Promise<Response> {
  const ways = oidcHere(use);
  const host = context.req.header("host") ?? "";
  const secret = use.ids.secret();
  setCookie(context, awayCookie, secret, {
    path: "/sign-in/oidc",
    httpOnly: true,
    sameSite: "Lax",
    secure: isSecure(use, host),
    maxAge: awayMs / 1_000,
  });
  return context.redirect(await ways.oidc.begin(secretsOf(use, secret, host)), 302);
}

const oidcHere = (use: HttpDependencies) => {
  const oidc = use.signIn?.oidc ?? null;
  if (use.signIn === undefined || oidc === null)
    throw new Failure("not-found", "oidc.not-set-up", { message: "No sign-in service is set up here; sign in with a link." });
  return { ...use.signIn, oidc };
};

/** Digests of one secret: whoever has one of them has none of the others. */
const secretsOf = (use: HttpDependencies, secret: string, host: string): SignInSecrets => ({
  state: use.engine.digest(`oidc state ${secret}`),
  nonce: use.engine.digest(`oidc nonce ${secret}`),
  verifier: use.engine.digest(`oidc verifier ${secret}`),
  returnUrl: `${addressOf(use, host)}/sign-in/oidc/return`,
});

async function finishOidc(use: HttpDependencies, context: Context): Promise<Response> {
  const ways = oidcHere(use);
  const secret = getCookie(context, awayCookie);
  deleteCookie(context, awayCookie, { path: "/sign-in/oidc" });
  if (secret === undefined || secret.length > 200)
    throw new Failure("forbidden", "oidc.not-begun", {
      message: "This browser did not begin this sign-in, or took too long. Begin again.",
    });
  const host = context.req.header("host") ?? "";
  const secrets = secretsOf(use, secret, host);
  const { search } = new URL(context.req.url);
  const identity = await ways.oidc.finish(secrets, `${secrets.returnUrl}${search}`);
  const person = await memberOf(use, ways, identity);
  const holder: Holder = { organizationId: ways.organizationId, personId: asId(person.id) };
  await link(use, ways, { person, identity });
  await join(use, holder);
  await openSession(use, context, holder);
  return context.redirect("/", 303);
}

/** A member whose account it is, or who has the verified address and no other account. Nobody becomes one by signing in. */
async function memberOf(use: HttpDependencies, ways: SignInWaysHere, identity: VouchedIdentity): Promise<Person> {
  const { issuer, subject, verifiedEmail } = identity;
  const members = await membersBy(use, ways, (reader) =>
    reader.find(personKind, { where: { state: ["active", "invited"] }, limit: maxMembers }),
  );
  const tied = members.find((member) => member.identity?.issuer === issuer && member.identity.subject === subject);
  const email = foldEmail(verifiedEmail);
  const found = tied ?? members.find((member) => email !== null && member.email === email && member.identity === undefined);
  if (found === undefined)
    throw new Failure("forbidden", "oidc.not-a-member", {
      message: "The sign-in service knows you, but you are no member here under that address. Ask an administrator for an invitation.",
    });
  return found;
}

async function link(
  use: HttpDependencies,
  { organizationId }: SignInWaysHere,
  about: { readonly person: Person; readonly identity: VouchedIdentity },
): Promise<void> {
  const { person, identity } = about;
  if (person.identity !== undefined) return;
  const { issuer, subject } = identity;
  await use.engine.apply(
    {
      organizationId,
      projectId: null,
      actor: { kind: "system", id: "sign-in" },
      key: `link-identity:${person.id}:${use.engine.digest(`${issuer} ${subject}`)}`,
    },
    { kind: "link-identity", personId: person.id, identity: { issuer, subject } },
  );
}
