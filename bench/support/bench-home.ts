import { mkdtemp, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import process from "node:process";
import { databasePaths, readSettings } from "../../src/adapters/postgres/data-directory.ts";
import { stopDatabase } from "../../src/adapters/postgres/supervisor.ts";

/** A home of its own for one measurement, on the disk that real data would be on: fsync on, removed at the end. */
export interface BenchHome {
  readonly path: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The database server's process, once it runs. */
  postmasterPid(): Promise<number>;
  remove(): Promise<void>;
}

/** `XVC_BENCH_DIRECTORY` overrides the user's home directory as the place. */
export async function makeBenchHome(): Promise<BenchHome> {
  const home = await mkdtemp(path.join(process.env["XVC_BENCH_DIRECTORY"] ?? homedir(), "bench-home-"));
  const environment: NodeJS.ProcessEnv = { ...process.env, XVC_HOME: home };
  delete environment["DATABASE_URL"]; // the embedded server is what is measured
  return {
    path: home,
    environment,
    async postmasterPid() {
      const settings = await readSettings(databasePaths(home).settingsFile);
      const file = await readFile(path.join(settings?.dataDirectory ?? "", "postmaster.pid"), "utf8");
      return Number(file.split("\n")[0]);
    },
    async remove() {
      const settings = await readSettings(databasePaths(home).settingsFile).catch(() => null);
      await stopDatabase({ XVC_HOME: home });
      if (settings !== null) await rm(settings.dataDirectory, { recursive: true, force: true });
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
