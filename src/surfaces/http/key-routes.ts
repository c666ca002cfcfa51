import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import { type ApiToken, type Holder, maxTokens } from "../../engine/ports/session-store.ts";
import { commandAnswer, reasonBody } from "../../contract/fields.ts";
import { type KeyBody, keyBody, keyCreated, type KeyDocument, keysDocument } from "../../contract/key-contract.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { projectOf } from "./references.ts";

const listKeys = endpoint({
  method: "get",
  path: "/api/keys",
  summary: "One's own keys, without their secrets",
  answer: keysDocument,
  run: async (use, { member }) => ({
    schema: "xvc.keys/1" as const,
    items: (await keysOf(use, member)).map((key) => keyView(member, key)),
  }),
});

const createKey = endpoint({
  method: "post",
  path: "/api/keys",
  summary: "Make a key for a program; its secret is shown this once",
  body: keyBody,
  answer: keyCreated,
  status: 201,
  run: create,
});

const revokeKey = endpoint({
  method: "post",
  path: "/api/keys/{reference}/revoke",
  summary: "Revoke a key at once",
  body: reasonBody,
  answer: commandAnswer,
  run: revoke,
});

/** Keys with which programs act in a person's name. */
export const keyRoutes = (): readonly Endpoint[] => [listKeys, createKey, revokeKey];

const holderOf = (member: Member): Holder => ({ organizationId: asId(member.organization.id), personId: asId(member.person.id) });

const keysOf = (use: HttpDependencies, member: Member): Promise<readonly ApiToken[]> =>
  use.sessions.listTokens(holderOf(member), use.clock.nowMs());

const keyView = (member: Member, { id, name, scopes, projectIds, createdAtMs, expiresAtMs }: ApiToken): KeyDocument => ({
  id,
  name,
  scope: scopes.includes("write") ? "write" : "read",
  createdAtMs,
  expiresAtMs,
  projects: projectIds === undefined ? null : member.projects.filter((one) => projectIds.includes(one.id)).map(({ key }) => key),
});

/** A key that could make keys would outlive its own revocation. */
function refuseKeyed(member: Member): void {
  if (!member.keyed) return;
  throw new Failure("forbidden", "key.made-by-key", {
    message: "A key makes and revokes no keys. Do it where you are signed in, or with xvc on the server's machine.",
  });
}

async function create(use: HttpDependencies, { member, body }: Call<unknown, KeyBody>) {
  refuseKeyed(member);
  const nowMs = use.clock.nowMs();
  const { name, scope, expiresAtMs = null } = body;
  // Its person's projects only: what they may not enter answers as what does not exist.
  const projectIds = body.projects?.map((reference) => projectOf(member, { reference, rehearsal: false }).id);
  if (expiresAtMs !== null && expiresAtMs <= nowMs)
    throw new Failure("invalid", "key.expired", { message: "The key would have expired already; choose a later day." });
  const held = await keysOf(use, member);
  if (held.some((one) => one.name === name))
    throw new Failure("conflict", "key.name-taken", {
      message: `You have a key named "${name}" already; revoke it, or choose another name.`,
    });
  if (held.length >= maxTokens)
    throw new Failure("exhausted", "key.too-many", { message: `You hold ${maxTokens} keys, the most there can be; revoke one first.` });
  // The prefix lets tools that look for leaked secrets recognise it.
  const secret = `xvc_${use.ids.secret()}`;
  const token: ApiToken = {
    ...holderOf(member),
    id: use.ids.next(),
    tokenSha256: use.engine.digest(secret),
    name,
    scopes: scope === "write" ? ["read", "write"] : ["read"],
    createdAtMs: nowMs,
    expiresAtMs,
    ...(projectIds === undefined ? {} : { projectIds: [...new Set(projectIds)] }),
  };
  await use.sessions.createToken(token);
  return { schema: "xvc.key-created/1" as const, key: keyView(member, token), secret };
}

async function revoke(use: HttpDependencies, { member, reference, endStreams }: Call<unknown, unknown>) {
  refuseKeyed(member);
  const key = (await keysOf(use, member)).find((one) => one.id === reference || one.name === reference);
  if (key === undefined)
    throw new Failure("not-found", "key.not-found", {
      message: `There is no key ${reference}, or it is not yours. xvc key list shows those that are.`,
    });
  await use.sessions.revokeToken(key.id, use.clock.nowMs());
  endStreams(key.tokenSha256);
  return { schema: "xvc.answer/1" as const, id: key.id, state: "revoked", label: key.name };
}
