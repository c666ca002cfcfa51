import { randomUUID } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { ServerFile } from "../contract/status-contract.ts";
import { Failure } from "../core/shared/failure.ts";
import type { Client } from "../surfaces/cli/cli-dependencies.ts";
import { httpClient } from "../surfaces/cli/http-client.ts";
import { findInstallation } from "./installation.ts";

const probeMs = 3_000;

export interface ConnectOptions {
  readonly start: boolean;
  readonly port: string | undefined;
  readonly note: (text: string) => void;
}

const clientAt = (url: string, token: string): Client =>
  httpClient({ url: url.replace(/\/+$/u, ""), token, fetch: (address, init) => fetch(address, init), newKey: () => randomUUID() });

/** A client of the running server: `XVC_URL` and `XVC_API_KEY`, else the one of this machine, started when asked to. @throws {Failure} `server.not-running` */
export async function connectClient(environment: NodeJS.ProcessEnv, options: ConnectOptions): Promise<Client> {
  const { XVC_URL: url, XVC_API_KEY: key } = environment;
  if (url !== undefined && url !== "") return clientAt(checkedUrl(url), checkedKey(key));
  const installation = findInstallation(environment);
  const known = await readServerFile(installation.serverFile);
  if (known !== undefined && (await answers(known.url))) return clientAt(known.url, known.token);
  if (!options.start) throw new Failure("unavailable", "server.not-running", { message: "No xVC server runs here. Start it with xvc up." });
  options.note("No server runs here; starting one (xvc stop ends it).");
  const { startInBackground } = await import("./background-server.ts");
  const started = await startInBackground(environment, options.port);
  return clientAt(started.url, started.token);
}

function checkedUrl(url: string): string {
  if (URL.canParse(url) && /^https?:$/u.test(new URL(url).protocol)) return url;
  throw new Failure("invalid", "settings.bad-url", { message: "XVC_URL is no http address, such as http://127.0.0.1:4180." });
}

function checkedKey(key: string | undefined): string {
  if (key !== undefined && /^[A-Za-z0-9_-]{20,200}$/u.test(key)) return key;
  throw new Failure("invalid", "settings.bad-key", { message: "XVC_URL is set, but XVC_API_KEY is missing or no key of xVC." });
}

/** The server of this machine, if it wrote down where it is. A file that others may read is not believed. @throws {Failure} `settings.server-file-open` */
export async function readServerFile(file: string): Promise<ServerFile | undefined> {
  let text: string;
  try {
    const about = await stat(file);
    if (process.platform !== "win32" && (about.mode & 0o077) !== 0)
      throw new Failure("invalid", "settings.server-file-open", {
        message: `${file} can be read by others; remove it and start xVC again.`,
      });
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Failure) throw error;
    return undefined; // no server has written it
  }
  try {
    const { url, token, pid } = JSON.parse(text) as Partial<ServerFile>; // our own file; its fields are looked at
    if (typeof url === "string" && typeof token === "string" && typeof pid === "number") return { url, token, pid };
  } catch {
    // Half-written by an older version, or damaged: as good as none, the next start replaces it.
  }
  return undefined;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/livez`, { signal: AbortSignal.timeout(probeMs) })).ok;
  } catch {
    return false; // nobody there
  }
}
