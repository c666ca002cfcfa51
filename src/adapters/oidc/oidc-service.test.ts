import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openHttpWorld } from "../../../test/support/http-world.ts";
import { personKind } from "../../core/oversight/person.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { SignInSecrets } from "../../engine/ports/sign-in-service.ts";
import { oidcService } from "./oidc-service.ts";

/* A real OpenID provider on loopback; a browser that follows its redirects and fills in its forms. */

const host = "127.0.0.1:4180";
const returnUrl = `http://${host}/sign-in/oidc/return`;
const clientSecret = "a-secret-of-the-test-client-and-nothing-else";
let server: Server;
let issuer: string;
/** What the provider says about each account. */
const accounts: Record<string, { readonly email?: string; readonly email_verified?: boolean }> = {
  "sub-dana": { email: "Dana@Example.org", email_verified: true },
  "sub-other": { email: "dana@example.org", email_verified: true },
  "sub-kim": { email: "kim@example.org", email_verified: true },
  "sub-unverified": { email: "kim@example.org", email_verified: false },
  "sub-nobody": { email: "nobody@example.org", email_verified: true },
};

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      { client_id: "xvc", client_secret: clientSecret, redirect_uris: [returnUrl], token_endpoint_auth_method: "client_secret_post" },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    pkce: { required: () => true },
    cookies: { keys: ["a key of the test provider"] },
    findAccount: (_context: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub, ...accounts[sub] }) }),
  });
  const answer = provider.callback();
  server.on("request", (request, response) => void answer(request, response));
});
afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));

/** Goes from the authorization address to where the provider sends the browser back. */
async function visit(address: string, account: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = address;
  let init: RequestInit = {};
  for (let steps = 0; steps < 20; steps += 1) {
    const answer = await fetch(url, {
      ...init,
      redirect: "manual",
      headers: { ...(init.headers as Record<string, string>), cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/u.exec(set) ?? [];
      cookies.set(name, value);
    }
    const to = answer.headers.get("location");
    if (to !== null) {
      const next = new URL(to, url).href;
      if (next.startsWith(returnUrl)) return next;
      [url, init] = [next, {}];
      continue;
    }
    const form = /<form[^>]+action="([^"]+)"/u.exec(await answer.text())?.[1];
    if (form === undefined) throw new Failure("bug", "bug.test", { message: `no way on at ${url}` });
    const prompt = url.includes("login") || steps < 3 ? { prompt: "login", login: account, password: "x" } : { prompt: "consent" };
    [url, init] = [
      new URL(form, url).href,
      { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: new URLSearchParams(prompt).toString() },
    ];
  }
  throw new Failure("bug", "bug.test", { message: "the provider goes round in circles" });
}

const service = () => oidcService({ issuer, clientId: "xvc", clientSecret, name: "Test" });

async function openWorld() {
  const organization = { id: "" };
  const world = await openHttpWorld({
    signIn: {
      get organizationId() {
        return organization.id as never; // known once the world is there
      },
      mail: null,
      oidc: service(),
      publicUrl: null,
    },
  });
  organization.id = world.organizationId;
  await world.asPerson({ kind: "change-person", personId: world.personId, name: "Dana", email: "dana@example.org" }, null);
  const signIn = async (account: string, change: (url: string) => string = (url) => url) => {
    const begun = await world.call("GET", "/sign-in/oidc");
    expect(begun.status).toBe(302);
    const cookie = (begun.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const back = new URL(change(await visit(begun.headers.get("location") ?? "", account)));
    return world.call("GET", `${back.pathname}${back.search}`, { headers: { cookie } });
  };
  const codeOf = async (answer: Response): Promise<unknown> => ((await answer.json()) as { readonly code: unknown }).code;
  return { ...world, signIn, codeOf };
}

const cookieOf = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((set) => set.split(";")[0] ?? "")
    .find((set) => set.startsWith("xvc_session")) ?? "";

test("a member with the verified address signs in, is tied to the account, and is found by it afterwards", async () => {
  const world = await openWorld();
  const first = await world.signIn("sub-dana");
  expect([first.status, first.headers.get("location")]).toEqual([303, "/"]);
  const me = await world.json(world.call("GET", "/api/me", { headers: { cookie: cookieOf(first) } }));
  expect(me).toMatchObject({ person: { id: world.personId } });
  await world.asPerson({ kind: "change-person", personId: world.personId, name: "Dana", email: "dana@elsewhere.org" }, null);
  expect((await world.signIn("sub-dana")).status).toBe(303);
  // Another account that has the address now is not the member's.
  await world.asPerson({ kind: "change-person", personId: world.personId, name: "Dana", email: "dana@example.org" }, null);
  const other = await world.signIn("sub-other");
  expect([other.status, await world.codeOf(other)]).toEqual([403, "oidc.not-a-member"]);
});

test("nobody becomes a member by signing in, and an address that nobody verified is none", async () => {
  const world = await openWorld();
  for (const account of ["sub-nobody", "sub-kim"]) {
    const answer = await world.signIn(account);
    expect([account, answer.status, await world.codeOf(answer), cookieOf(answer)]).toEqual([account, 403, "oidc.not-a-member", ""]);
  }
  const id = world.ids.next();
  await world.asPerson({ kind: "invite-person", id, name: "Kim", email: "kim@example.org", roles: ["contributor"] }, null);
  expect((await world.signIn("sub-unverified")).status).toBe(403);
  expect((await world.signIn("sub-kim")).status).toBe(303);
  const kim = await world.engine.read({ organizationId: world.organizationId, projectIds: [] }, (reader) => reader.get(personKind, id));
  expect(kim).toMatchObject({ state: "active", identity: { issuer, subject: "sub-kim" } });
  await world.asPerson({ kind: "remove-person", personId: id, reason: "" }, null);
  expect((await world.signIn("sub-kim")).status).toBe(403);
});

test("what was begun in another browser, changed on the way or used before is refused", async () => {
  const world = await openWorld();
  const changed = await world.signIn("sub-dana", (url) => url.replace(/state=[^&]+/u, `state=${"0".repeat(64)}`));
  expect([changed.status, await world.codeOf(changed)]).toEqual([403, "oidc.refused"]);
  const foreign = await world.signIn("sub-dana", (url) => url.replace(/code=[^&]+/u, "code=made-up"));
  expect([foreign.status, await world.codeOf(foreign)]).toEqual([403, "oidc.refused"]);
  const bare = await world.call("GET", `/sign-in/oidc/return?code=x&state=y`);
  expect([bare.status, await world.codeOf(bare)]).toEqual([403, "oidc.not-begun"]);
});

test("a code answers only to whoever holds its verifier and expected its nonce", async () => {
  const secrets: SignInSecrets = { state: "s".repeat(43), nonce: "n".repeat(43), verifier: "v".repeat(43), returnUrl };
  const begin = async () => visit(await service().begin(secrets), "sub-dana");
  expect(await service().finish(secrets, await begin())).toEqual({ issuer, subject: "sub-dana", verifiedEmail: "Dana@Example.org" });
  for (const wrong of [{ verifier: "w".repeat(43) }, { nonce: "m".repeat(43) }, { state: "t".repeat(43) }])
    await expect(service().finish({ ...secrets, ...wrong }, await begin())).rejects.toMatchObject({ code: "oidc.refused" });
  const used = await begin();
  await service().finish(secrets, used);
  await expect(service().finish(secrets, used)).rejects.toMatchObject({ code: "oidc.refused" });
});

test("a service that is away says so, and is asked again the next time; an unencrypted one elsewhere is refused", async () => {
  const away = oidcService({ issuer: "http://127.0.0.1:9", clientId: "xvc", clientSecret: null, name: "Away" });
  const secrets: SignInSecrets = { state: "s", nonce: "n", verifier: "v".repeat(43), returnUrl };
  await expect(away.begin(secrets)).rejects.toMatchObject({ kind: "unavailable", code: "oidc.unreachable" });
  await expect(away.begin(secrets)).rejects.toMatchObject({ code: "oidc.unreachable" });
  expect(() => oidcService({ issuer: "http://login.example.org", clientId: "xvc", clientSecret: null, name: "Plain" })).toThrow(/https/u);
});
