import { access, constants, readFile } from "node:fs/promises";
import path from "node:path";
import { findAgentProgram } from "../adapters/agents/agent-program.ts";
import { agentFacts, agentForms } from "../core/gate/agent.ts";
import { examineDatabase } from "../adapters/postgres/doctor-database.ts";
import { probeSandbox } from "../adapters/sandbox/probe-sandbox.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { defaultPolicies } from "../core/oversight/default-policies.ts";
import type { ServerFile } from "../contract/status-contract.ts";
import { lastBackupAtMs } from "./backup.ts";
import { firstOrganizationId } from "./first-run.ts";
import { findInstallation, type Installation } from "./installation.ts";

/** One thing that was looked at; `why` and `next` are empty when it is well. */
export interface Examined {
  readonly name: string;
  readonly ok: boolean;
  /** Not well, yet everything else works without it. */
  readonly optional: boolean;
  readonly what: string;
  readonly why: string;
  readonly next: string;
}

/** Looks at everything a running system needs; starts nothing and changes nothing. */
export async function examine(environment: NodeJS.ProcessEnv): Promise<readonly Examined[]> {
  const installation = findInstallation(environment);
  const database = await examineDatabase({
    environment,
    migrationsDirectory: installation.migrationsDirectory,
    shippedPolicies: { organizationId: firstOrganizationId, keys: defaultPolicies.map(({ key }) => key) },
  });
  return [
    node(),
    await page(installation.webDirectory),
    ...database.map((probe) => ({ ...probe, optional: probe.name === "policies" })),
    await sandbox(),
    await codingAgents(environment),
    await backup(installation),
    await server(installation.serverFile),
  ];
}

function node(): Examined {
  const [major] = process.versions.node.split(".");
  const ok = Number(major) >= 24;
  return {
    name: "node",
    ok,
    optional: false,
    what: `Node ${process.versions.node} runs this`,
    why: ok ? "" : "The sources need Node 24 or newer.",
    next: ok ? "" : "Start it as ./bin/xvc, which brings its own Node.",
  };
}

async function page(webDirectory: string | null): Promise<Examined> {
  const ok =
    webDirectory !== null &&
    (await access(webDirectory, constants.R_OK).then(
      () => true,
      () => false,
    ));
  return {
    name: "page",
    ok,
    optional: true,
    what: ok ? "the page is built" : "the page is not built",
    why: ok ? "" : "dist/web is missing.",
    next: ok ? "" : "npm start builds it; npm run build does so alone.",
  };
}

async function sandbox(): Promise<Examined> {
  const probe = await probeSandbox();
  if (probe.available)
    return { name: "sandbox", ok: true, optional: true, what: `bubblewrap ${probe.version} isolates`, why: "", next: "" };
  return {
    name: "sandbox",
    ok: false,
    optional: true,
    what: "commands cannot run here; plans that need one are refused, and a person's verdict can take the check's place",
    why: probe.reason,
    next: probe.next,
  };
}

/** Agents are somebody else's programs: none has to be there, and without a sandbox none is started. */
async function codingAgents(environment: NodeJS.ProcessEnv): Promise<Examined> {
  const searchPath = environment["PATH"] ?? "";
  const found = agentForms.filter((form) => {
    const { program } = agentFacts[form];
    return program !== null && findAgentProgram(program, searchPath) !== null;
  });
  const named = found.map((form) => agentFacts[form].title).join(", ");
  const probe = await probeSandbox();
  const what = found.length === 0 ? "no coding agent is on the PATH, and none is needed" : `on the PATH: ${named}`;
  if (probe.available || found.length === 0) return { name: "agents", ok: true, optional: true, what, why: "", next: "" };
  return { name: "agents", ok: false, optional: true, what: `${what}; none is started here`, why: probe.reason, next: probe.next };
}

/** After this the last backup is called old. */
const maxBackupAgeMs = 7 * 86_400_000;

async function backup({ home }: Installation): Promise<Examined> {
  const one = { name: "backup", optional: true, next: "xvc backup makes one while the system works." } as const;
  const hasData = await access(path.join(home, "content")).then(
    () => true,
    () => false,
  );
  if (!hasData) return { ...one, ok: true, what: "nothing is kept here yet", why: "", next: "" };
  const atMs = await lastBackupAtMs(home);
  if (atMs === null) return { ...one, ok: false, what: "no backup was made yet", why: `Nothing but ${home} holds what is in it.` };
  const ageMs = systemClock.nowMs() - atMs;
  const age = ageMs < 172_800_000 ? `${Math.max(0, Math.floor(ageMs / 3_600_000))} hours` : `${Math.floor(ageMs / 86_400_000)} days`;
  const ok = ageMs <= maxBackupAgeMs;
  return {
    ...one,
    ok,
    what: `the last backup is ${age} old`,
    why: ok ? "" : "What was written since is in one place alone.",
    next: ok ? "" : one.next,
  };
}

async function server(serverFile: string): Promise<Examined> {
  const name = "server";
  const text = await readFile(serverFile, "utf8").catch(() => null);
  if (text === null) return { name, ok: true, optional: true, what: "no server runs", why: "", next: "" };
  const { url, pid } = JSON.parse(text) as ServerFile; // our own file
  const ready = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
    (answer) => answer.status,
    () => 0,
  );
  if (ready === 200) return { name, ok: true, optional: true, what: `${url} answers and takes work (process ${pid})`, why: "", next: "" };
  return ready === 0
    ? {
        name,
        ok: false,
        optional: true,
        what: `nothing answers at ${url}`,
        why: `Process ${pid} wrote ${serverFile} and has ended or hangs.`,
        next: "xvc up starts it again; if the process still runs and hangs, end it first.",
      }
    : {
        name,
        ok: false,
        optional: true,
        what: `${url} answers but takes no work`,
        why: "One of its probes fails.",
        next: "xvc status tells which.",
      };
}
