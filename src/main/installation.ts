import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { xvcHome } from "../adapters/postgres/data-directory.ts";

/** Where this installation's parts lie, from a clone (sources) or from the published package (built). */
export interface Installation {
  readonly packageDirectory: string;
  readonly migrationsDirectory: string;
  /** Null until the page was built. */
  readonly webDirectory: string | null;
  /** The program that recounts an assessment: its source in a clone, what was built of it in the package. */
  readonly recountFile: string;
  /** The program that judges a replayed session of the gate; like the recount, it shares no code with what it judges. */
  readonly gateOracleFile: string;
  readonly version: string;
  /** Data, settings and logs of this user; `XVC_HOME` overrides. */
  readonly home: string;
  readonly contentDirectory: string;
  readonly cacheDirectory: string;
  readonly logFile: string;
  /** 0600: where programs of this machine find the server. */
  readonly serverFile: string;
}

export function findInstallation(environment: NodeJS.ProcessEnv): Installation {
  const here = import.meta.dirname;
  const isSource = import.meta.filename.endsWith(".ts");
  // `src/main` in a clone, `dist/main` in the package: both two steps below the root.
  const packageDirectory = path.resolve(here, "..", "..");
  const [verifyDirectory, ending] = isSource
    ? [path.join(packageDirectory, "verify"), ".ts"]
    : [path.join(packageDirectory, "dist", "verify"), ".js"];
  const home = xvcHome(environment);
  const webDirectory = path.join(packageDirectory, "dist", "web");
  const manifest = JSON.parse(readFileSync(path.join(packageDirectory, "package.json"), "utf8")) as { readonly version: string }; // our own file
  return {
    packageDirectory,
    migrationsDirectory: path.join(packageDirectory, "migrations"),
    webDirectory: existsSync(path.join(webDirectory, "index.html")) ? webDirectory : null,
    recountFile: path.join(verifyDirectory, "assessment", `recount${ending}`),
    gateOracleFile: path.join(verifyDirectory, `gate-oracle${ending}`),
    version: manifest.version,
    home,
    contentDirectory: path.join(home, "content"),
    cacheDirectory: path.join(home, "cache"),
    logFile: path.join(home, "xvc.log"),
    serverFile: path.join(home, "server.json"),
  };
}
