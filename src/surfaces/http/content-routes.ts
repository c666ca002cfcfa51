import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { Context } from "hono";
import { attemptKind } from "../../core/execution/attempt.ts";
import { entityKindOf } from "../../core/memory/entity.ts";
import { deliverableKind } from "../../core/integration/deliverable.ts";
import { type RequestInput, requestKind } from "../../core/requests/request.ts";
import type { Artifact } from "../../core/shared/content.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import type { Holder } from "../../engine/ports/session-store.ts";
import type { Reader } from "../../engine/ports/store.ts";
import { inputPathBody, takenInput } from "../../contract/content-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { reading, requestOf } from "./references.ts";

export const contentRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/inputs",
    summary: "Take a path of the server's machine in as content",
    body: inputPathBody,
    answer: takenInput,
    status: 201,
    localOnly: true,
    run: async (use, { member, body }) => {
      const input = await use.intake.takePath(body.path, { includeWorktree: body.includeWorktree === true, name: body.name ?? null });
      await rememberUpload(use, member, input);
      return { schema: "xvc.input/1" as const, input: wireInput(input) };
    },
  }),
];

const holderOf = (member: Member): Holder => ({ organizationId: asId(member.organization.id), personId: asId(member.person.id) });

const rememberUpload = (use: HttpDependencies, member: Member, input: RequestInput): Promise<void> =>
  use.sessions.recordUploads(
    holderOf(member),
    input.artifacts.map((artifact) => artifact.sha256),
    use.clock.nowMs(),
  );

/** Contents named by one call. */
const maxNamed = 1_000;

/**
 * Makes sure that every content named is the caller's to name: brought in by them, or named by a row they may see. What is
 * somebody else's answers as what is not there, so a hash alone opens nothing and tells nothing.
 *
 * @throws {Failure} `input.content-missing`
 */
export async function requireOwnContent(
  use: HttpDependencies,
  member: Member,
  named: readonly { readonly name: string; readonly sha256: string }[],
): Promise<void> {
  if (named.length > maxNamed) throw new Failure("invalid", "input.too-many", { message: `Name at most ${maxNamed} contents at once.` });
  const own = new Set<string>(
    await use.sessions.uploadedBy(
      holderOf(member),
      named.map(({ sha256 }) => asId<"sha256">(sha256)),
    ),
  );
  for (const { name, sha256 } of named) {
    const isOpen = own.has(sha256) || (await artifactOf(use, member, { sha256, request: undefined })) !== undefined;
    if (isOpen && (await use.content.has(asId(sha256)))) continue;
    throw new Failure("not-found", "input.content-missing", { message: `The content of "${name}" is not here; hand it in again.` });
  }
}

const wireInput = (input: RequestInput) => ({ ...input, artifacts: input.artifacts.map((artifact) => ({ ...artifact })) });

/** `POST /api/uploads?name=`: the body as it comes, taken in as one file. */
export async function takeUpload(use: HttpDependencies, member: Member, context: Context): Promise<Response> {
  if (member.person.roles.includes("auditor"))
    throw new Failure("forbidden", "input.wrong-role", { message: "An auditor reads and brings nothing in." });
  const name = context.req.query("name") ?? "";
  if (name === "" || name.length > 200 || /[/\\\p{Cc}]/u.test(name))
    throw new Failure("invalid", "input.name-invalid", {
      message: "An upload needs a plain file name of at most 200 characters: ?name=report.pdf.",
    });
  const stream = context.req.raw.body;
  if (stream === null) throw new Failure("invalid", "input.empty", { message: "The upload is empty." });
  const mediaType = mediaTypeOf(context.req.header("content-type") ?? "");
  const input = await use.intake.takeStream(stream, { name, mediaType });
  await rememberUpload(use, member, input);
  return context.json({ schema: "xvc.input/1", input: wireInput(input) }, 201);
}

const mediaTypeOf = (header: string): string =>
  /^[\w.+-]{1,80}\/[\w.+-]{1,80}(?=\s*(?:;|$))/u.exec(header.trim())?.[0] ?? "application/octet-stream";

/** What only shows and never runs: no script, no network, no forms, a world of its own. */
const contentPolicy =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** Media types that a browser may show; everything else is downloaded. */
const shown = /^(?:text\/(?:plain|html|markdown|csv|x-diff)|application\/(?:json|pdf)|image\/(?:png|jpeg|gif|webp))$/u;

/**
 * `GET /api/content/:sha256`: content that a row refers to which the member may see. The hash alone opens nothing,
 * so knowing a hash tells nobody whether the content exists.
 */
export async function sendContent(use: HttpDependencies, member: Member, context: Context): Promise<Response> {
  const sha256 = context.req.param("sha256") ?? "";
  if (!/^[0-9a-f]{64}$/u.test(sha256)) throw notHere();
  const artifact = await artifactOf(use, member, { sha256, request: context.req.query("request") });
  if (artifact === undefined) throw notHere();
  const path = await use.content.locate(asId(sha256));
  const bare = artifact.mediaType.split(";")[0]?.trim().toLowerCase() ?? "";
  const charset = bare.startsWith("text/") || bare === "application/json" ? "; charset=utf-8" : "";
  return new Response(Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>, {
    // Node's web streams are the same objects under another type name.
    headers: {
      "content-type": shown.test(bare) ? `${bare}${charset}` : "application/octet-stream",
      "content-length": String(artifact.bytes),
      "content-disposition": `${shown.test(bare) ? "inline" : "attachment"}; filename*=UTF-8''${encodeURIComponent(artifact.name).slice(0, 300)}`,
      "content-security-policy": contentPolicy,
      "cache-control": "private, max-age=31536000, immutable",
      etag: `"${sha256}"`,
    },
  });
}

const notHere = (): Failure =>
  new Failure("not-found", "content.not-found", { message: "There is no such content, or it is not yours to see." });

/** Rows looked through when nobody says which request the content belongs to, newest first. */
const maxScanned = { deliverables: 500, attempts: 2_000, requests: 500 } as const;

async function artifactOf(
  use: HttpDependencies,
  member: Member,
  wanted: { readonly sha256: string; readonly request: string | undefined },
): Promise<Artifact | undefined> {
  const request = wanted.request === undefined ? undefined : await requestOf(use, member, wanted.request);
  const where = request === undefined ? {} : { where: { requestId: request.id } };
  return reading(use, member, async (reader) => {
    const inRequests = async (): Promise<readonly Artifact[]> =>
      inputsOf(request === undefined ? await reader.find(requestKind, { newestFirst: true, limit: maxScanned.requests }) : [request]);
    for (const read of [
      async () =>
        (await reader.find(deliverableKind, { ...where, newestFirst: true, limit: maxScanned.deliverables })).flatMap((row) => row.files),
      () => outputsOf(reader, where),
      inRequests,
      () => attachmentsOf(reader, wanted.sha256),
    ]) {
      const found = (await read()).find((artifact) => artifact.sha256 === wanted.sha256);
      if (found !== undefined) return found;
    }
    return undefined;
  });
}

const inputsOf = (requests: readonly { readonly inputs: readonly RequestInput[] }[]): readonly Artifact[] =>
  requests.flatMap((request) => request.inputs.flatMap((input) => input.artifacts));

/** Attachments of the entity, in whatever state, that names this content. */
async function attachmentsOf(reader: Reader, sha256: string): Promise<readonly Artifact[]> {
  const [entity] = await reader.find(entityKindOf, { holds: { field: "attachments", part: [{ sha256 }] }, limit: 1 });
  return entity?.attachments ?? [];
}

async function outputsOf(reader: Reader, where: { readonly where?: { readonly requestId: string } }): Promise<readonly Artifact[]> {
  const attempts = await reader.find(attemptKind, { ...where, newestFirst: true, limit: maxScanned.attempts });
  return attempts.flatMap((attempt) => attempt.outputs);
}
