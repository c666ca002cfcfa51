import { serve } from "@hono/node-server";
import { visionTools } from "../../src/divisions/engineering/vision-tools.ts";
import { computeByHand } from "../../src/main/compute-by-hand.ts";
import { evaluate } from "../../src/main/evaluate.ts";
import { replayGate } from "../../src/main/replay-gate.ts";
import { problemsOf } from "../../src/adapters/cedar/check-policy.ts";
import { Failure } from "../../src/core/shared/failure.ts";
import type { CliDependencies, CliFiles, Client } from "../../src/surfaces/cli/cli-dependencies.ts";
import { httpClient } from "../../src/surfaces/cli/http-client.ts";
import type { HttpDependencies } from "../../src/surfaces/http/http-dependencies.ts";
import { runCli } from "../../src/surfaces/cli/program.ts";
import { type HttpWorld, openHttpWorld } from "./http-world.ts";

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** Files in memory, with the same refusals as the disk's. */
export function memoryFiles(initial: Readonly<Record<string, string>> = {}) {
  const files = new Map<string, Uint8Array>(Object.entries(initial).map(([name, text]) => [name, new TextEncoder().encode(text)]));
  const access: CliFiles = {
    absolute: (path) => (path.startsWith("/") ? path : `/here/${path}`),
    async read(path, maxBytes) {
      const bytes = files.get(path);
      if (bytes === undefined) throw new Failure("not-found", "file.not-found", { message: `There is no file ${path.slice(0, 200)}.` });
      if (bytes.byteLength > maxBytes) throw new Failure("invalid", "file.too-large", { message: "The file is too large." });
      return bytes;
    },
    async list(path) {
      const inside = [...files.keys()].filter((name) => name.startsWith(`${path}/`)).map((name) => name.slice(path.length + 1));
      return inside.length === 0 ? null : inside.toSorted();
    },
    async prepareDirectory(path) {
      if (path.trim() === "" || /\p{Cc}/u.test(path))
        throw new Failure("invalid", "file.name-invalid", { message: "The name of the directory is empty or has control characters." });
      if (files.has(path)) throw new Failure("invalid", "file.not-a-directory", { message: `${path.slice(0, 200)} is no directory.` });
    },
    async write(directory, name, { bytes, replace }) {
      const path = `${directory}/${name}`;
      if (files.has(path) && !replace)
        throw new Failure("conflict", "file.exists", { message: `${path} exists already; --yes replaces it.` });
      files.set(path, bytes);
      return path;
    },
  };
  return { access, files };
}

/** The surface behind a real socket, on a port of the system's choice. */
async function listen(
  answer: (request: Request) => Response | Promise<Response>,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  return new Promise((resolve) => {
    const server = serve({ fetch: answer, hostname: "127.0.0.1", port: 0 }, ({ port }) =>
      resolve({
        address: `127.0.0.1:${String(port)}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      }),
    );
  });
}

/** The command in this process, over the real HTTP surface, engine and in-process store. */
export async function openCliWorld(
  options: {
    readonly files?: Readonly<Record<string, string>>;
    readonly isTerminal?: boolean;
    readonly client?: Client;
    readonly overSocket?: boolean;
    readonly project?: string;
    readonly evidence?: HttpDependencies["evidence"];
  } = {},
) {
  const addresses: string[] = ["127.0.0.1:4180"];
  const world: HttpWorld = await openHttpWorld({
    ...(options.overSocket === true ? { hosts: () => addresses } : {}),
    ...(options.evidence === undefined ? {} : { evidence: options.evidence }),
  });
  const socket = options.overSocket === true ? await listen(world.surface.fetch) : undefined;
  if (socket !== undefined) addresses.push(socket.address);
  const { access, files } = memoryFiles(options.files);
  const systemCalls: string[] = [];
  const called = async (name: string): Promise<number> => {
    systemCalls.push(name);
    return 0;
  };
  let keys = 0;
  const client =
    options.client ??
    httpClient({
      url: `http://${socket?.address ?? world.host}`,
      token: world.token,
      newKey: () => `cli-${String((keys += 1))}`,
      fetch: async (url, init) =>
        socket !== undefined
          ? fetch(url, init)
          : world.surface.fetch(new Request(url, { ...init, headers: { host: world.host, ...(init.headers as Record<string, string>) } })), // the client passes plain objects
    });
  const run = async (...argv: readonly string[]): Promise<Ran> => {
    let out = "";
    let err = "";
    const use: CliDependencies = {
      streams: {
        out: (text) => (out += text),
        err: (text) => (err += text),
        isTerminal: options.isTerminal === true,
        readInput: async () => "",
      },
      files: access,
      system: {
        up: () => called("up"),
        stop: async () => String(await called("stop")),
        doctor: async () => [{ name: "node", ok: (await called("doctor")) === 0, optional: false, what: "fine", why: "", next: "" }],
        demo: async () => ({ document: { schema: "xvc.demo/1" }, text: String(await called("demo")) }),
        migrate: async () => String(await called("migrate")),
        evaluate: async (options) => evaluate(options),
        replayGate: async ({ record, policies }) => replayGate(record, policies),
        computedTools: async () => visionTools,
        computeTool: async (tool, material, signal) => computeByHand(tool, material, signal),
        checkPolicy: async (text) => problemsOf(text),
        backup: async ({ to, keep, keepDays, keyTo, withoutDatabase }) => ({
          document: {
            schema: "xvc.backup-made/1",
            to: to ?? null,
            ...(keep === undefined ? {} : { keep, withoutDatabase }),
            ...(keepDays === undefined ? {} : { keepDays, keyTo: keyTo ?? null }),
          },
          text: "made\n",
          notes: [],
        }),
        listBackups: async ({ to }) => ({ document: { schema: "xvc.backups/1", to: to ?? null }, text: "listed\n", notes: [] }),
        pruneBackups: async ({ keep, keepDays }) => ({
          document: { schema: "xvc.backups-pruned/1", keep: keep ?? null, keepDays: keepDays ?? null },
          text: "pruned\n",
          notes: [],
        }),
        restore: async ({ from, untilMs }) => ({
          document: { schema: "xvc.restored/1", from, untilMs },
          text: "restored\n",
          notes: ["halted"],
        }),
        exportRecord: async ({ to }) => ({ document: { schema: "xvc.exported/1", to }, text: "exported\n", notes: [] }),
        importRecord: async ({ from }) => ({ document: { schema: "xvc.imported/1", from }, text: "imported\n", notes: [] }),
        compareDerived: async () => ({
          document: { schema: "xvc.derived/1", ok: systemCalls.length === 0 },
          text: "compared\n",
          notes: [],
        }),
        mcp: async (api) => void systemCalls.push(`mcp ${JSON.stringify((await api.get("/api/me"))["schema"])}`),
        logs: async () => String(await called("logs")),
        settle: async () => ({
          list: [{ name: "home", value: "/home/dana/xvc", origin: "default" }],
          project: options.project ?? null,
        }),
      },
      connect: async () => client,
      time: {
        parse: (text) => (/^\d{4}-\d{2}-\d{2}$/u.test(text) ? Date.parse(text) : undefined),
        format: (atMs) => new Date(atMs).toISOString(),
      },
      version: "0.0.0",
      signal: new AbortController().signal,
    };
    const exit = await runCli(use, argv);
    return { exit, out, err };
  };
  return { world, run, files, systemCalls, close: async () => socket?.close(), events: () => world.store.record.events.length };
}
