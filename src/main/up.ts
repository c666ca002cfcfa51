import { Failure } from "../core/shared/failure.ts";
import { fileFirstRequest } from "./first-request.ts";
import { ensureHome } from "./first-run.ts";
import { findInstallation } from "./installation.ts";
import { fileLog } from "./log.ts";
import { type System, openSystem } from "./open-system.ts";
import { pauseIfRestored } from "./pause-at-start.ts";
import { type RunningServer, startServer } from "./server.ts";
import { startWorker } from "./worker.ts";

/** Which parts one process runs; `up` is all of them. */
export interface UpOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly port: number;
  readonly server: boolean;
  readonly worker: boolean;
  /** Told once everything answers: the address and a fresh sign-in link. */
  readonly onReady: (ready: { readonly url: string; readonly signInLink: string; readonly home: string }) => void;
  /** Told what a person should know while it runs, such as a missing sandbox. */
  readonly onNote: (note: string) => void;
}

/** Running work may take this long to end at a stop; then it is handed over. */
const graceMs = 20_000;

/** Runs until SIGINT, SIGTERM or `xvc stop`; a second signal ends at once. @returns the exit code */
export async function up(options: UpOptions): Promise<number> {
  const installation = findInstallation(options.environment);
  const log = fileLog(installation.logFile);
  const stop = stopSignal();
  const system = await openSystem(installation, options.environment, {
    log,
    graceMs,
    onFenced: () => {
      log.error("this process slept past its lease; its work was handed over");
      stop.request(7);
    },
  });
  try {
    const restored = await pauseIfRestored(system);
    if (restored !== null) options.onNote(`Everything is halted: ${restored} Look around, then lift the halt: xvc halt list.`);
    const home = await ensureHome(system);
    if (!system.capabilities.sandbox.ok) options.onNote(`Commands cannot run here: ${system.capabilities.sandbox.reason}`);
    const worker = options.worker ? await startWorker(system) : null;
    const server = options.server ? await startServer({ ...options, system, home, requestStop: () => stop.request(0) }) : null;
    if (server !== null) options.onReady({ url: server.url, signInLink: await server.signInLink(), home: installation.home });
    else options.onReady({ url: "", signInLink: "", home: installation.home });
    if (server !== null && worker !== null) {
      // After the address is printed: the page is there at once, and the first request appears in it.
      const filed = await fileFirstRequest(system, home).catch((error: unknown) => {
        options.onNote(`The first example request was not filed: ${error instanceof Error ? error.message : String(error)}`);
        return null;
      });
      if (filed !== null) options.onNote(`${filed} "Assess this repository" waits for you to approve its plan.`);
    }
    const code = await stop.asked;
    await shutDown(system, server, worker);
    return code;
  } catch (error) {
    await system.close().catch(() => {});
    await system.database.stop({ ifUnused: true }).catch(() => {});
    throw error;
  }
}

async function shutDown(system: System, server: RunningServer | null, worker: { stop(): Promise<void> } | null): Promise<void> {
  await server?.stop();
  await worker?.stop();
  await system.close();
  await system.database.stop({ ifUnused: true });
}

/** Resolves with an exit code at the first request or signal; a second signal ends the process at once. */
function stopSignal(): { readonly asked: Promise<number>; readonly request: (code: number) => void } {
  let resolveAsked: (code: number) => void = () => {};
  let isAsked = false;
  const asked = new Promise<number>((resolve) => (resolveAsked = resolve));
  const request = (code: number): void => {
    if (isAsked) return;
    isAsked = true;
    resolveAsked(code);
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (isAsked) process.exit(130);
      request(0);
    });
  }
  return { asked, request };
}

/** The port for the server: flag, else `XVC_PORT`, else 4180. @throws {Failure} `settings.bad-port` */
export function portFrom(flag: string | undefined, environment: NodeJS.ProcessEnv): number {
  const text = flag ?? environment["XVC_PORT"] ?? "4180";
  const port = Number(text);
  if (!/^\d{1,5}$/u.test(text) || port > 65_535)
    throw new Failure("invalid", "settings.bad-port", { message: `"${text.slice(0, 20)}" is no port: 0 to 65535; 0 chooses a free one.` });
  return port;
}
