import { createHash } from "node:crypto";
import type { Pool } from "pg";
import { asId } from "../core/shared/ids.ts";
import { calendarReader } from "../adapters/calendar/calendar-reader.ts";
import { checkDataBySchema } from "../adapters/schemas/schema-checker.ts";
import { cedarAuthorizer } from "../adapters/cedar/cedar-authorizer.ts";
import { type DbosDurable, dbosDurable } from "../adapters/dbos/dbos-durable.ts";
import { migrateEngine } from "../adapters/dbos/migrate-engine.ts";
import { threadedScriptRunner } from "../adapters/quickjs/script-runner.ts";
import { createPool } from "../adapters/postgres/pool.ts";
import { postgresStore } from "../adapters/postgres/postgres-store.ts";
import { postgresSessions } from "../adapters/postgres/session-store.ts";
import { type RunningDatabase, startDatabase } from "../adapters/postgres/supervisor.ts";
import { gitHost, type GitHost } from "../adapters/git/git-command.ts";
import { probeSandbox } from "../adapters/sandbox/probe-sandbox.ts";
import { bubblewrapSandbox, runUnsandboxed } from "../adapters/sandbox/run-sandboxed.ts";
import { keyVault } from "../adapters/system/key-vault.ts";
import { personalCipher } from "../adapters/system/personal-cipher.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { createSystemIds } from "../adapters/system/system-ids.ts";
import { systemRng } from "../adapters/system/system-rng.ts";
import { temporalZoneTime } from "../adapters/calendar/recurrence-zone-time.ts";
import { createFileContent } from "../adapters/system/file-content.ts";
import { type Engine, type EngineParts, openEngine } from "../engine/engine.ts";
import type { EvidenceParts } from "../engine/memory/seal-evidence.ts";
import type { Ids } from "../engine/ports/clock.ts";
import type { ContentStore, Digest } from "../engine/ports/content.ts";
import type { CrashProbe } from "../engine/ports/crash-point.ts";
import type { Sandbox, SandboxProbe } from "../engine/ports/sandbox.ts";
import type { ScriptRunner } from "../engine/ports/script-runner.ts";
import type { SessionStore } from "../engine/ports/session-store.ts";
import type { Store } from "../engine/ports/store.ts";
import type { Capabilities } from "../engine/shared/command-handler.ts";
import { assessmentTaskKeys } from "./assessment-tasks.ts";
import { crashProbe } from "./crash-probe.ts";
import type { Installation } from "./installation.ts";
import type { Log } from "./log.ts";
import { openEvidence } from "./evidence.ts";
import { type OpenedModels, openModels } from "./models.ts";
import { type OpenedReach, openReach } from "./reach.ts";
import { readSecretKey } from "./secret-key.ts";

/** Everything a process of ours holds open. `close` ends it in the right order. */
export interface System {
  readonly installation: Installation;
  readonly database: RunningDatabase;
  readonly pool: Pool;
  readonly store: Store;
  readonly durable: DbosDurable;
  readonly engine: Engine;
  readonly content: ContentStore;
  readonly sessions: SessionStore;
  /** How people are reached outside the page. */
  readonly reach: OpenedReach;
  /** Asks models, where one is connected. */
  readonly models: OpenedModels;
  /** Seals the record, and checks the seals. */
  readonly evidence: EvidenceParts;
  /** Runs stored scripts. */
  readonly scripts: ScriptRunner;
  readonly sandbox: Sandbox;
  readonly git: GitHost;
  readonly ids: Ids;
  readonly digest: Digest;
  readonly crash: CrashProbe;
  readonly capabilities: Capabilities;
  readonly log: Log;
  close(): Promise<void>;
}

/** What a process does when it is told to stop, and where it writes. */
export interface SystemHooks {
  readonly log: Log;
  /** This process slept past its lease; its work was handed over and it has to start again. */
  readonly onFenced: () => void;
  /** How long running work may take to end at a stop. */
  readonly graceMs: number;
  /** Instead of the one that the environment names. */
  readonly crash?: CrashProbe;
}

export const sha256OfText: Digest = (text) => asId<"sha256">(createHash("sha256").update(text, "utf8").digest("hex"));

const capabilitiesOf = (probe: SandboxProbe): Capabilities => ({
  executors: ["rules", "human", "model", ...(probe.available ? (["agent"] as const) : [])],
  ruleTasks: assessmentTaskKeys,
  zones: temporalZoneTime,
  sandbox: probe.available ? { ok: true, reason: "" } : { ok: false, reason: `${probe.reason} ${probe.next}` },
});

const systemEngine = (parts: Pick<EngineParts, "store" | "ids" | "crash" | "capabilities" | "scripts">): Engine =>
  openEngine({
    ...parts,
    clock: systemClock,
    rng: systemRng,
    digest: sha256OfText,
    authorizer: cedarAuthorizer(),
    calendars: calendarReader,
    checkData: checkDataBySchema,
  });

/**
 * Starts or adopts the database, brings it up to date and opens the engine over it. A first start takes a few
 * seconds (initdb, migrations), later ones well under two.
 *
 * @throws {Failure} `database.*` with the next step
 */
export async function openSystem(installation: Installation, environment: NodeJS.ProcessEnv, hooks: SystemHooks): Promise<System> {
  const { log } = hooks;
  const crash = hooks.crash ?? crashProbe(environment);
  const [database, probe] = await Promise.all([
    startDatabase({
      environment,
      migrationsDirectory: installation.migrationsDirectory,
      afterMigrate: (urls) => migrateEngine(urls.engine),
    }),
    probeSandbox(),
  ]);
  const onLost = (error: Error): void => log.warn("database connection lost", { message: error.message });
  const pool = createPool({ url: database.urls.app, applicationName: "xvc", maxConnections: 20, pipeline: true, onLost });
  const durable = await dbosDurable({
    appUrl: database.urls.app,
    log: (level, text) => log[level](text, { part: "durable" }),
    onFenced: hooks.onFenced,
    crash,
  });
  const masterKey = readSecretKey(installation, environment);
  const cipher = personalCipher(keyVault(masterKey));
  const store = postgresStore({ pool, listenUrl: database.urls.app, enqueue: durable.enqueue, cipher, crash, onLost });
  const sandbox = bubblewrapSandbox(probe);
  const capabilities = capabilitiesOf(probe);
  const ids = createSystemIds();
  const scripts = threadedScriptRunner();
  const reach = openReach(installation, environment, { pool, masterKey });
  return {
    installation,
    database,
    pool,
    store,
    durable,
    sandbox,
    capabilities,
    ids,
    crash,
    log,
    engine: systemEngine({ store, ids, crash, capabilities, scripts }),
    content: createFileContent({ directory: installation.contentDirectory }),
    sessions: postgresSessions(pool),
    reach,
    models: openModels(environment, reach.parts),
    scripts,
    evidence: openEvidence(installation, environment, { pool, digest: sha256OfText, masterKey }),
    git: gitHost(sandbox, runUnsandboxed),
    digest: sha256OfText,
    async close() {
      await durable.shutdown(hooks.graceMs);
      await scripts[Symbol.asyncDispose]();
      await store.close();
      await pool.end();
    },
  };
}
