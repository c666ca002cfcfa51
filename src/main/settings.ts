import type { Setting } from "../surfaces/cli/cli-dependencies.ts";
import { findInstallation } from "./installation.ts";

interface Known {
  readonly name: string;
  readonly fallback: (environment: NodeJS.ProcessEnv) => string;
  readonly secret?: boolean;
}

/** Every setting there is. */
const known: readonly Known[] = [
  { name: "XVC_HOME", fallback: (environment) => findInstallation(environment).home },
  { name: "XVC_PORT", fallback: () => "4180" },
  { name: "XVC_URL", fallback: () => "(the server of this machine)" },
  { name: "XVC_API_KEY", fallback: () => "(the key in server.json)", secret: true },
  { name: "DATABASE_URL", fallback: () => "(embedded PostgreSQL 18)" },
];

const masked = (name: string, value: string): string => (name === "DATABASE_URL" ? value.replace(/\/\/[^@/]*@/u, "//***@") : value);

/** Settings with where each comes from; secrets are never shown. */
export const listSettings = (environment: NodeJS.ProcessEnv): readonly Setting[] =>
  known.map(({ name, fallback, secret }) => {
    const given = environment[name];
    if (given === undefined || given === "") return { name, value: fallback(environment), origin: "default" };
    return { name, value: secret === true ? "(set)" : masked(name, given), origin: "environment" };
  });
