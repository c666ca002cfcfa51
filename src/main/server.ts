import { serve } from "@hono/node-server";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import path from "node:path";
import { asId } from "../core/shared/ids.ts";
import { Failure } from "../core/shared/failure.ts";
import type { ServerFile } from "../contract/status-contract.ts";
import { writeCalendar } from "../adapters/calendar/calendar-feed.ts";
import { readYaml } from "../adapters/front-matter/read-yaml.ts";
import { isMailAddress } from "../adapters/mail/smtp-messenger.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { askMeaning } from "../engine/memory/embed-query.ts";
import { embedParts } from "./embeddings.ts";
import type { HttpDependencies } from "../surfaces/http/http-dependencies.ts";
import { shownTools } from "./tools.ts";
import { httpSurface } from "../surfaces/http/http-surface.ts";
import { rememberingTokens } from "../surfaces/http/remembered-tokens.ts";
import { makeLink } from "../surfaces/http/sign-in-links.ts";
import type { Home } from "./first-run.ts";
import { shownAgents } from "./agents.ts";
import { contentIntake } from "./intake.ts";
import { ownMcp } from "./mcp.ts";
import { metricsText } from "./metrics-text.ts";
import type { System } from "./open-system.ts";
import { publicHosts, readSignIn } from "./sign-in-settings.ts";
import { readStatus, runProbes } from "./status.ts";

/** A server that answers on loopback. */
export interface RunningServer {
  readonly url: string;
  /** A fresh one-time link for the first person; valid 30 minutes, once. */
  signInLink(): Promise<string>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly system: System;
  readonly home: Home;
  /** 0 chooses a free port. */
  readonly port: number;
  /** Says how people sign in who are not at this machine. */
  readonly environment: NodeJS.ProcessEnv;
  /** Begins to stop this process. */
  readonly requestStop: () => void;
}

/** How long open answers may take to end at a stop, milliseconds. */
const drainMs = 5_000;

/** Serves HTTP on 127.0.0.1 and writes the 0600 file that tells this machine's programs where. @throws {Failure} `server.port-taken` */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { system, home } = options;
  const startedAtMs = systemClock.nowMs();
  let hosts: readonly string[] = [];
  const signIn = readSignIn(options.environment, home, system.reach);
  const use: HttpDependencies = {
    engine: system.engine,
    content: system.content,
    sessions: rememberingTokens(system.sessions, systemClock),
    reach: system.reach.parts,
    scripts: system.scripts,
    evidence: system.evidence,
    egress: system.reach.egress,
    words: system.models.words,
    models: {
      models: system.models.models,
      check: (url, reach) => system.models.egress.check(url, reach),
      hasVariable: system.models.hasVariable,
    },
    agents: shownAgents(system),
    tools: shownTools(system),
    askMeaning: askMeaning(embedParts(system)),
    isMailAddress,
    readYaml,
    writeCalendar,
    intake: contentIntake(system),
    clock: systemClock,
    ids: system.ids,
    crash: system.crash,
    status: (probe) => readStatus(system, startedAtMs, probe),
    ready: async () => (await runProbes(system)).every((probe) => probe.ok),
    metrics: () => metricsText(system),
    stop: async () => options.requestStop(),
    hosts: () => hosts,
    webDirectory: system.installation.webDirectory,
    signIn,
    version: system.installation.version,
    mcp: (request) => mcp.fetch(request),
    log: ({ level, ...entry }) => system.log[level]("http", entry),
  };
  const surface = httpSurface(use);
  const mcp = ownMcp(system, (request) => surface.fetch(request));
  const listening = await listen(surface.fetch, options.port);
  hosts = [`127.0.0.1:${listening.port}`, `localhost:${listening.port}`, ...publicHosts(signIn)];
  const url = `http://127.0.0.1:${listening.port}`;
  await writeServerFile(system, home, url);
  return {
    url,
    async signInLink() {
      const made = await makeLink(use, { organizationId: home.organizationId, personId: asId(home.personId), purpose: "sign-in" });
      return `${url}/sign-in?token=${made.secret}`;
    },
    async stop() {
      surface.close();
      await mcp.close();
      await close(listening.server);
      await removeServerFile(system);
    },
  };
}

async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  port: number,
): Promise<{ readonly server: Server; readonly port: number }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: "127.0.0.1", port }, (address) => resolve({ server: server as Server, port: address.port })); // no TLS options: an http server
    server.on("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      reject(
        taken
          ? new Failure(
              "conflict",
              "server.port-taken",
              { message: `Port ${port} is in use; choose another with --port, or 0 for any free one.` },
              { cause: error },
            )
          : error,
      );
    });
  });
}

/** Lets open answers end, then closes what is left. */
async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await Promise.race([closed, systemClock.pause(drainMs)]);
  server.closeAllConnections();
  await closed;
}

/** Where programs of this machine find us, with a token of their own; readable by this user only, replaced at each start. */
async function writeServerFile(system: System, home: Home, url: string): Promise<void> {
  const token = randomBytes(32).toString("base64url");
  await system.sessions.createToken({
    organizationId: home.organizationId,
    personId: asId(home.personId),
    id: system.ids.next(),
    tokenSha256: system.digest(token),
    name: "this machine",
    scopes: ["local"],
    createdAtMs: systemClock.nowMs(),
    expiresAtMs: null,
  });
  const document: ServerFile = { url, token, pid: process.pid };
  const file = system.installation.serverFile;
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(document)}\n`, { mode: 0o600 });
  await chmod(temporary, 0o600);
  await rename(temporary, file);
}

async function removeServerFile(system: System): Promise<void> {
  const file = system.installation.serverFile;
  const ours = await readFile(file, "utf8").then(
    (text) => (JSON.parse(text) as ServerFile).pid === process.pid,
    () => false,
  ); // our own file
  if (ours) await rm(file, { force: true });
}
