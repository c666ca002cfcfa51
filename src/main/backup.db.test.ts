import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decideOn, proposeRequest } from "../../test/support/active-request.ts";
import { type CoreWorld, look, personaOf, type Told } from "../../test/support/core-world.ts";
import { databasePaths, readSettings } from "../adapters/postgres/data-directory.ts";
import { withClient } from "../adapters/postgres/database-url.ts";
import { stopDatabase } from "../adapters/postgres/supervisor.ts";
import { effectKindOf } from "../core/gate/effect.ts";
import { haltKind } from "../core/gate/halt.ts";
import { inboxItemKind } from "../core/oversight/inbox-item.ts";
import { requestKind } from "../core/requests/request.ts";
import type { Actor } from "../core/shared/actor.ts";
import type { Entity, EntityKind } from "../core/shared/entity.ts";
import { Failure } from "../core/shared/failure.ts";
import { asId } from "../core/shared/ids.ts";
import type { Command } from "../engine/shared/commands.ts";
import { openEngine } from "../engine/engine.ts";
import { cedarAuthorizer } from "../adapters/cedar/cedar-authorizer.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { systemRng } from "../adapters/system/system-rng.ts";
import { backUp, type BackupReport, lastBackupAtMs } from "./backup.ts";
import { ensureHome, firstOrganizationId } from "./first-run.ts";
import { findInstallation } from "./installation.ts";
import { silentLog } from "./log.ts";
import { openSystem } from "./open-system.ts";
import { pauseIfRestored } from "./pause-at-start.ts";
import { restore } from "./restore.ts";
import { startWorker } from "./worker.ts";

/* One installation that is written to while it is copied, and what comes of the copies. */

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const folders: string[] = [];

async function folder(name: string): Promise<string> {
  const made = await mkdtemp(path.join(os.tmpdir(), `xvc-${name}-`));
  await chmod(made, 0o711); // as root the database's account has to pass
  folders.push(made);
  return made;
}

type Opened = Awaited<ReturnType<typeof open>>;

/** A system whose rules serve a task of the fixtures. */
async function open(environment: NodeJS.ProcessEnv) {
  const system = await openSystem(findInstallation(environment), environment, { log: silentLog, graceMs: 1_000, onFenced: () => {} });
  const restored = await pauseIfRestored(system);
  const home = await ensureHome(system);
  const { store, ids, digest, crash } = system;
  const capabilities = { ...system.capabilities, ruleTasks: ["a"] };
  const engine = openEngine({ store, clock: systemClock, ids, rng: systemRng, digest, crash, capabilities, authorizer: cedarAuthorizer() });
  const scope = { organizationId: firstOrganizationId, projectIds: [asId<"project">(home.projectId)] };
  const apply = (actor: Actor, command: Command) =>
    engine.apply(
      {
        organizationId: firstOrganizationId,
        projectId: /^add-|-halt$/u.test(command.kind) ? null : asId(home.projectId),
        actor,
        key: ids.next(),
      },
      command,
    );
  const tell = async (actor: Actor, command: Command): Promise<Told> => {
    try {
      return { kind: "ok", answer: await apply(actor, command) };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { kind: "refused", code: error.code, failure: error.kind };
    }
  };
  const rows = <Row extends Entity>(kind: EntityKind<Row>): Promise<readonly Row[]> =>
    engine.read(scope, (reader) => reader.find(kind, { limit: 10_000 }));
  const world = { people: [home.personId], newId: () => ids.next(), tell, rows } as unknown as CoreWorld; // what the fixtures use of it
  return {
    system: { ...system, engine },
    home,
    apply,
    tell,
    rows,
    world,
    restored,
    person: { kind: "person", id: home.personId } as const,
  };
}

interface Written {
  readonly id: string;
  readonly content: string;
  readonly begunMs: number;
  readonly confirmedMs: number;
}

/** Files requests, each with content of its own, until it is told to stop. */
function writing({ system, person, apply }: Opened) {
  const written: Written[] = [];
  let stopped = false;
  const write = async (number: number): Promise<void> => {
    const begunMs = Date.now();
    const id = system.ids.next();
    const content = await system.content.write(bytesOf(`content of ${id}`));
    const draft = { title: `W ${number}`, text: "T", urgency: "normal", budgetMicro: null, deadlineAtMs: null, playbook: null } as const;
    await apply(person, { kind: "submit-request", id, draft: { ...draft, inputs: [], approveBeforehand: false, script: null } });
    written.push({ id, content, begunMs, confirmedMs: Date.now() });
  };
  const loops = [1, 2, 3].map(async () => {
    while (!stopped) await write(written.length);
  });
  return {
    written,
    more: async (count: number) => {
      const target = written.length + count;
      while (written.length < target) await delay(5);
    },
    stop: async () => {
      stopped = true;
      await Promise.all(loops);
      return written;
    },
  };
}

const worker = { kind: "system", id: "worker" } as const;

/** Work with an effect that was started, and one that was about to be. @returns the effects */
async function workInFlight(opened: Opened): Promise<readonly string[]> {
  const { tell, world, system } = opened;
  await tell(worker, { kind: "add-persona", persona: personaOf("writer") });
  const { requestId, planId } = await proposeRequest(world, [{ task: "a", review: "checks", tools: ["mail"] }]);
  expect(await tell(opened.person, { ...decideOn(planId), confirmation: "WORK-1" })).toMatchObject({ kind: "ok" });
  const attempt = (await look(world)).attempts.find((row) => row.requestId === requestId);
  expect(await tell(worker, { kind: "start-attempt", attemptId: attempt?.id ?? "", epoch: 1, executorId: "w" })).toMatchObject({
    kind: "ok",
  });
  const effects: string[] = [];
  for (const step of ["sent", "meant"]) {
    const told = await tell(worker, {
      kind: "intend-effect",
      effectKey: system.ids.next(),
      requestId,
      taskId: attempt?.taskId ?? "",
      tool: "mail",
      deliveryClass: "once",
      effectKind: "send",
      step,
      ordinal: 1,
      arguments: {},
    });
    effects.push(told.kind === "ok" ? (told.answer["id"] as string) : told.code);
  }
  const start = { kind: "start-effect", effectId: effects[0] ?? "", epoch: 1, deadlineAtMs: 0, endedStarts: 0 } as const;
  expect(await tell(worker, start)).toMatchObject({ answer: { state: "started" } });
  return effects;
}

let environment: NodeJS.ProcessEnv;
let opened: Opened;
let backup: BackupReport;
let effects: readonly string[];
let writes: readonly Written[];
let untilMs = 0;

beforeAll(async () => {
  environment = {
    PATH: process.env["PATH"],
    HOME: os.tmpdir(),
    XVC_HOME: await folder("source"),
    XVC_WAL_ARCHIVE: await folder("archive"),
  };
  opened = await open(environment);
  effects = await workInFlight(opened);
  const load = writing(opened);
  await load.more(20);
  backup = await backUp({ environment, fsync: "off" });
  await load.more(20);
  untilMs = Date.now();
  await load.more(20);
  writes = await load.stop();
  // Closes the log, so that all of it is in the archive.
  await backUp({ environment, fsync: "off", to: await folder("elsewhere") });
}, 180_000);

const homes: NodeJS.ProcessEnv[] = [];

/** A home that is not there yet. */
async function emptyHome(): Promise<NodeJS.ProcessEnv> {
  const made = { ...environment, XVC_HOME: path.join(await folder("restored"), "home"), XVC_WAL_ARCHIVE: "" };
  homes.push(made);
  return made;
}

afterAll(async () => {
  await opened.system.close();
  for (const one of [environment, ...homes]) {
    const settings = await readSettings(databasePaths(one["XVC_HOME"] ?? "").settingsFile).catch(() => null);
    await stopDatabase(one);
    if (settings !== null) await rm(path.dirname(settings.dataDirectory), { recursive: true, force: true });
  }
  for (const one of folders) await rm(one, { recursive: true, force: true, maxRetries: 5 });
});

test(
  "a backup made under load is carried on to an instant: every confirmed write before it is there, none after it",
  { timeout: 120_000 },
  async () => {
    const home = await emptyHome();
    const report = await restore({ environment: home, from: backup.folder, untilMs, durable: false });
    expect(report).toMatchObject({ hasDatabase: true, asOfMs: untilMs, needsSecretKey: false });
    const restored = await open(home);
    try {
      const found = new Set((await restored.rows(requestKind)).map((row) => row.id));
      const before = writes.filter((one) => one.confirmedMs < untilMs);
      expect(before.length).toBeGreaterThan(40);
      expect(before.filter((one) => !found.has(one.id))).toEqual([]);
      expect(writes.filter((one) => one.begunMs > untilMs && found.has(one.id))).toEqual([]);
      for (const { content, id } of before)
        expect(new TextDecoder().decode(await restored.system.content.read(asId(content)))).toBe(`content of ${id}`);
      await staysHalted(restored);
    } finally {
      await restored.system.close();
    }
  },
);

/** Nothing that was on its way goes on or out before a person lifts the halt. */
async function staysHalted(restored: Opened): Promise<void> {
  expect(restored.restored).toContain("Restored from the backup");
  expect(await restored.rows(haltKind)).toMatchObject([{ scope: "everything", state: "set", setBy: "restore" }]);
  const states = (await restored.rows(effectKindOf)).filter((row) => effects.includes(row.id)).map((row) => row.state);
  expect(states).toEqual(["unknown", "unknown"]);
  const asked = (await restored.rows(inboxItemKind)).filter((row) => row.kind === "unknown-effect" && row.state === "open");
  expect(asked.map((row) => row.subjectId).toSorted()).toEqual([...effects].toSorted());
  const leases = await restored.system.pool.query("select 1 from xvc_system.worker_lease where lost_at is null");
  expect(leases.rowCount).toBe(0);

  const running = await startWorker(restored.system);
  const analysing = async () => (await restored.rows(requestKind)).filter((row) => row.state === "analysing");
  while ((await analysing()).some((row) => typeof row.heldById !== "string")) await delay(50);
  expect((await restored.rows(requestKind)).filter((row) => row.title.startsWith("W ") && row.state !== "analysing")).toEqual([]);
  const [halt] = await restored.rows(haltKind);
  expect(await restored.tell(restored.person, { kind: "lift-halt", haltId: halt?.id ?? "", reason: "Looked." })).toMatchObject({
    kind: "ok",
  });
  while ((await analysing()).length > 0) await delay(50);
  await running.stop();
}

test("a backup restores as it is, and only into a home that is empty", { timeout: 60_000 }, async () => {
  const home = await emptyHome();
  await restore({ environment: home, from: backup.folder, untilMs: null, durable: false });
  await expect(restore({ environment: home, from: backup.folder, untilMs: null, durable: false })).rejects.toMatchObject({
    code: "backup.home-used",
  });
  const again = await open(home);
  const found = new Set((await again.rows(requestKind)).map((row) => row.id));
  await again.system.close();
  const { database } = backup.manifest;
  const before = writes.filter((one) => one.confirmedMs < (database?.startedAtMs ?? 0));
  expect(before.length).toBeGreaterThan(0);
  expect(before.filter((one) => !found.has(one.id))).toEqual([]);
  expect(writes.filter((one) => one.begunMs > (database?.endedAtMs ?? 0) && found.has(one.id))).toEqual([]);
});

test("what is not the backup that was made is refused, and leaves nothing behind", { timeout: 60_000 }, async () => {
  const home = await emptyHome();
  const refused = async (from: string, until: number | null = null): Promise<string> => {
    const error = await restore({ environment: home, from, untilMs: until, durable: false }).catch((one: unknown) => one);
    expect(await readdir(home["XVC_HOME"] ?? "").catch(() => [])).toEqual([]);
    return error instanceof Failure ? error.code : String(error);
  };
  const { endedAtMs = 0 } = backup.manifest.database ?? {};
  expect(await refused(backup.folder, endedAtMs - 1)).toBe("backup.until-too-early");
  expect(await refused(os.tmpdir())).toBe("backup.not-whole");
  const copy = path.join(await folder("tampered"), "copy");
  await cp(backup.folder, copy, { recursive: true });
  const [first] = backup.manifest.files.filter((one) => one.name.startsWith("content/"));
  const file = path.join(copy, first?.name ?? "");
  const bytes = await readFile(file);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  await chmod(file, 0o600);
  await writeFile(file, bytes);
  expect(await refused(copy)).toBe("backup.tampered");
  await rm(file);
  expect(await refused(copy)).toBe("backup.tampered");
  const manifest = path.join(copy, "manifest.json");
  const text = await readFile(manifest, "utf8");
  await writeFile(manifest, text.replace('"name":"pg/PG_VERSION"', '"name":"pg/../../escaped"'));
  expect(await refused(copy)).toBe("backup.manifest-unreadable");
  await writeFile(manifest, text.slice(0, text.length / 2));
  expect(await refused(copy)).toBe("backup.manifest-unreadable");
  await rm(manifest);
  expect(await refused(copy)).toBe("backup.not-whole");
});

test("an instant that the log does not reach is refused, not guessed", { timeout: 60_000 }, async () => {
  const home = await emptyHome();
  const later = { environment: home, from: backup.folder, untilMs: Date.now() + 3_600_000, durable: false };
  await expect(restore(later)).rejects.toMatchObject({ code: "backup.until-not-reached" });
  expect(await readdir(home["XVC_HOME"] ?? "")).toEqual([]);
  await expect(restore({ ...later, log: os.tmpdir() })).rejects.toMatchObject({ code: "backup.no-archive" });
});

test("a killed backup leaves the server as it was and counts as none", { timeout: 60_000 }, async () => {
  const own = path.join(environment["XVC_HOME"] ?? "", "backups");
  const last = await lastBackupAtMs(environment["XVC_HOME"] ?? "");
  const cli = fileURLToPath(new URL("cli.ts", import.meta.url));
  const child = spawn(process.execPath, [cli, "backup"], { env: environment, stdio: "ignore" });
  const ended = once(child, "exit");
  while (!(await readdir(own)).some((name) => name.endsWith(".part"))) await delay(5);
  await delay(100);
  child.kill("SIGKILL");
  expect(await ended).toEqual([null, "SIGKILL"]);
  expect(await lastBackupAtMs(environment["XVC_HOME"] ?? "")).toBe(last);
  const admin = opened.system.database.urls.admin ?? "";
  const slots = () =>
    withClient(
      admin,
      { applicationName: "xvc test" },
      async (client) => (await client.query("select 1 from pg_replication_slots")).rowCount,
    );
  while ((await slots()) !== 0) await delay(50);
  const load = writing(opened);
  await load.more(3);
  await load.stop();
  const again = await backUp({ environment, fsync: "off" });
  expect(again.manifest.files.length).toBeGreaterThan(100);
  expect(await lastBackupAtMs(environment["XVC_HOME"] ?? "")).toBeGreaterThan(last ?? 0);
});
