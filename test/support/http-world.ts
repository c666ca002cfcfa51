import { createHash } from "node:crypto";
import { temporalZoneTime } from "../../src/adapters/calendar/recurrence-zone-time.ts";
import type { Command } from "../../src/engine/shared/commands.ts";
import type { StatusDocument } from "../../src/contract/status-contract.ts";
import { calendarReader } from "../../src/adapters/calendar/calendar-reader.ts";
import { checkDataBySchema } from "../../src/adapters/schemas/schema-checker.ts";
import { cedarAuthorizer } from "../../src/adapters/cedar/cedar-authorizer.ts";
import { writeCalendar } from "../../src/adapters/calendar/calendar-feed.ts";
import { guardedClient } from "../../src/adapters/egress/guarded-client.ts";
import { declaredTools, definitionHash } from "../../src/engine/gate/declared-tools.ts";
import { modelsHere } from "./models-here.ts";
import { outsideToolsHere, toolsHere } from "./tools-here.ts";
import { createMemoryReachStore } from "../../src/adapters/in-process/memory-reach-store.ts";
import { createMemoryContent } from "../../src/adapters/in-process/memory-content.ts";
import { createMemorySessions } from "../../src/adapters/in-process/memory-sessions.ts";
import { memoryEvidence, memoryExport } from "../../src/adapters/in-process/memory-evidence.ts";
import { createMemoryStore } from "../../src/adapters/in-process/memory-store.ts";
import { createSeededRng } from "../../src/adapters/in-process/seeded-rng.ts";
import { createSequenceIds } from "../../src/adapters/in-process/sequence-ids.ts";
import { createVirtualClock } from "../../src/adapters/in-process/virtual-clock.ts";
import { readYaml } from "../../src/adapters/front-matter/read-yaml.ts";
import { isMailAddress } from "../../src/adapters/mail/smtp-messenger.ts";
import { threadedScriptRunner } from "../../src/adapters/quickjs/script-runner.ts";
import { evidenceSigner } from "../../src/adapters/system/evidence-signer.ts";
import { keyVault } from "../../src/adapters/system/key-vault.ts";
import { taskKind } from "../../src/core/execution/task.ts";
import { requestKind } from "../../src/core/requests/request.ts";
import { Failure } from "../../src/core/shared/failure.ts";
import { asId } from "../../src/core/shared/ids.ts";
import type { JsonObject } from "../../src/core/shared/json.ts";
import { type EvidenceParts, sealEvidence } from "../../src/engine/memory/seal-evidence.ts";
import { openEngine } from "../../src/engine/engine.ts";
import type { JobRun } from "../../src/engine/ports/durable.ts";
import type { Destination, Messenger, OutgoingMessage, ReachParts } from "../../src/engine/ports/messenger.ts";
import { httpSurface } from "../../src/surfaces/http/http-surface.ts";
import type { HttpDependencies, HttpLogEntry } from "../../src/surfaces/http/http-dependencies.ts";
import { makeLink } from "../../src/surfaces/http/sign-in-links.ts";

const host = "127.0.0.1:4180";
const digest = (text: string) => asId<"sha256">(createHash("sha256").update(text).digest("hex"));

export interface CallOptions {
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The real HTTP surface over the real engine and the in-process store, with one organization. */
export async function openHttpWorld(overrides: Partial<HttpDependencies> = {}) {
  const clock = createVirtualClock(1_750_000_000_000);
  const ids = createSequenceIds({ seed: 7 });
  const jobs: JobRun[] = [];
  const store = createMemoryStore({ clock, enqueue: (runs) => void jobs.push(...runs) });
  const scripts = threadedScriptRunner();
  const engine = openEngine({
    store,
    clock,
    ids,
    digest,
    rng: createSeededRng({ seed: 7 }),
    authorizer: cedarAuthorizer(),
    calendars: calendarReader,
    checkData: checkDataBySchema,
    scripts,
    crash: () => {},
    capabilities: {
      executors: ["rules", "human"],
      ruleTasks: ["mailing"],
      sandbox: { ok: false, reason: "not in tests" },
      zones: temporalZoneTime,
    },
  });
  const sessions = createMemorySessions();
  const sent: { readonly message: OutgoingMessage; readonly to: Destination }[] = [];
  const messenger: Messenger = {
    async send(message, to) {
      sent.push({ message, to });
      return { kind: "sent", detail: "taken" };
    },
  };
  const reach: ReachParts = {
    vault: keyVault(new Uint8Array(32).fill(7)),
    reachStore: createMemoryReachStore(),
    reach: {
      messengers: { mail: messenger, chat: messenger, webhook: messenger },
      baseUrl: () => `http://${host}`,
      formatInstant: (atMs) => new Date(atMs).toISOString(),
    },
  };
  const evidence: EvidenceParts = {
    store: memoryEvidence({ events: ["a fact"], versions: ["a version", "another"] }),
    signer: evidenceSigner(new Uint8Array(32).fill(7)),
    exported: memoryExport(),
    digest,
    clock,
  };
  const content = createMemoryContent();
  const log: HttpLogEntry[] = [];
  const status: StatusDocument = {
    schema: "xvc.status/1",
    ok: true,
    version: "0.0.0",
    startedAtMs: 0,
    probes: [],
    counts: {},
    notes: [],
    installation: null,
  };
  let stops = 0;
  const organizationId = asId<"organization">(ids.next());
  const outside = outsideToolsHere({ engine, ids, digest, clock, organizationId, reach });
  const use: HttpDependencies = {
    engine,
    content,
    sessions,
    reach,
    scripts,
    evidence,
    egress: guardedClient({ allowed: [] }),
    models: modelsHere({ vault: reach.vault, reachStore: reach.reachStore }),
    agents: {
      unavailable: null,
      found: async () => [{ form: "opencode", program: "/usr/local/bin/opencode", version: "1.18.33" }],
      test: async () => ({ ok: true, detail: "It answers.", version: "1.18.33" }),
    },
    tools: {
      declared: async () => declaredTools([...toolsHere(content), ...(await outside.list())], digest),
      hash: (declaration) => definitionHash(declaration, digest),
      look: (serverId) => outside.look(serverId),
    },
    isMailAddress,
    readYaml,
    writeCalendar,
    clock,
    ids,
    crash: () => {},
    intake: {
      takePath: async (path) => ({ name: "repository", kind: "folder", origin: path, artifacts: [], facts: {} }),
      takeStream: async (bytes, { name, mediaType }) => {
        const parts: Uint8Array[] = [];
        for await (const part of bytes) parts.push(part);
        const all = Buffer.concat(parts);
        return {
          name,
          kind: "file",
          origin: name,
          artifacts: [{ name, sha256: await content.write(all), mediaType, bytes: all.byteLength }],
          facts: {},
        };
      },
    },
    status: async () => status,
    ready: async () => true,
    metrics: async () => "xvc_up 1\n",
    stop: async () => void (stops += 1),
    hosts: () => [host, "localhost:4180"],
    webDirectory: null,
    version: "0.0.0",
    log: (entry) => log.push(entry),
    checkAnswers: true,
    ...overrides,
  };
  const surface = httpSurface(use);
  await sealEvidence(evidence, organizationId);
  const personId = ids.next();
  const projectId = asId<"project">(ids.next());
  let keys = 0;
  const system = (command: Command, project: typeof projectId | null = projectId): Promise<JsonObject> =>
    engine.apply(
      { organizationId, projectId: project, actor: { kind: "system", id: "test" }, key: `test:${String((keys += 1))}` },
      command,
    );
  const asPerson = (command: Command, project: typeof projectId | null = projectId): Promise<JsonObject> =>
    engine.apply(
      { organizationId, projectId: project, actor: { kind: "person", id: personId }, key: `test:${String((keys += 1))}` },
      command,
    );
  await system(
    { kind: "found-organization", id: organizationId, name: "Acme", currency: "EUR", person: { id: personId, name: "Dana", email: null } },
    null,
  );
  await asPerson({ kind: "create-project", id: projectId, key: "ENG", name: "Engineering", mode: "real", clockAtMs: null }, null);
  await asPerson(
    {
      kind: "add-persona",
      persona: {
        key: "contributor",
        personaVersion: 1,
        worldview: "does what is asked",
        specializations: [],
        tools: [],
        skills: [],
        division: "engineering",
        executors: ["human"],
        costPerHourMicro: 0,
        capacity: 100,
      },
    },
    null,
  );
  const token = ids.secret();
  await sessions.createToken({
    organizationId,
    personId: asId(personId),
    id: ids.next(),
    tokenSha256: digest(token),
    name: "cli",
    scopes: ["local"],
    createdAtMs: clock.nowMs(),
    expiresAtMs: null,
  });

  const call = async (method: string, path: string, options: CallOptions = {}): Promise<Response> => {
    const headers: Record<string, string> = {
      host,
      ...(options.body === undefined && options.raw === undefined ? {} : { "content-type": "application/json" }),
      ...options.headers,
    };
    const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const init: RequestInit = { method, headers, ...(body === undefined ? {} : { body: body as string }) };
    return surface.fetch(new Request(`http://${host}${path}`, init));
  };
  const asToken = (method: string, path: string, options: CallOptions = {}): Promise<Response> =>
    call(method, path, { ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } });
  const json = async (response: Response | Promise<Response>): Promise<JsonObject> => (await (await response).json()) as JsonObject;

  /** A browser that opened a fresh sign-in link. */
  const signedIn = async () => {
    const { secret } = await makeLink(use, { organizationId, personId: asId(personId), purpose: "sign-in" });
    const answer = await call("POST", "/sign-in/link", { body: { token: secret }, headers: { origin: `http://${host}` } });
    const cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const me = await json(call("GET", "/api/me", { headers: { cookie } }));
    return { cookie, csrf: me["csrfToken"] as string, secret, me };
  };

  /** Files a request and brings it to the state where a plan can be proposed. */
  const filed = async (text = "Write the page"): Promise<{ readonly id: string; readonly label: string }> => {
    const opened = await json(asToken("POST", "/api/requests", { body: { text } }));
    const id = opened["id"] as string;
    const request = await engine.read({ organizationId, projectIds: [projectId] }, (reader) => reader.get(requestKind, id));
    if (request === undefined) throw new Failure("bug", "bug.test", { message: JSON.stringify(opened) });
    await system({
      kind: "record-brief",
      requestId: id,
      epoch: request.epoch,
      questions: [],
      brief: {
        interpretation: text,
        goals: [],
        constraints: [],
        unknowns: [],
        options: [],
        approach: "",
        riskClass: "low",
        playbook: null,
      },
    });
    return { id, label: opened["label"] as string };
  };

  const plan = {
    decomposition: [
      {
        task: "draft",
        title: "Draft it",
        persona: "contributor",
        dependencies: [],
        outputs: ["draft.md"],
        executor: "human",
        acceptance: [{ id: "a1", statement: "It is there.", check: { kind: "output", output: "draft.md" } }],
      },
      {
        task: "edit",
        title: "Edit it",
        persona: "contributor",
        dependencies: ["draft"],
        outputs: ["page.md"],
        executor: "human",
        acceptance: [{ id: "a1", statement: "It is there.", check: { kind: "output", output: "page.md" } }],
      },
    ],
  };
  const tasks = (requestId: string) =>
    engine.read({ organizationId, projectIds: [projectId] }, (reader) => reader.find(taskKind, { where: { requestId }, limit: 100 }));
  return {
    digest,
    use,
    engine,
    store,
    clock,
    ids,
    surface,
    call,
    asToken,
    json,
    signedIn,
    filed,
    plan,
    tasks,
    system,
    asPerson,
    organizationId,
    projectId,
    personId,
    token,
    host,
    log,
    sent,
    jobs,
    stops: () => stops,
  };
}

export type HttpWorld = Awaited<ReturnType<typeof openHttpWorld>>;
