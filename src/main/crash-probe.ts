import { type CrashPoint, type CrashProbe, crashPoints, noCrash } from "../engine/ports/crash-point.ts";
import { Failure } from "../core/shared/failure.ts";

/**
 * `XVC_CRASH_POINT=<name>:<occurrence>` kills this process as it passes that point for the n-th time; for crash
 * tests only. Without it a point costs one call of an empty function.
 */
export function crashProbe(environment: NodeJS.ProcessEnv): CrashProbe {
  const wanted = environment["XVC_CRASH_POINT"];
  if (wanted === undefined || wanted === "") return noCrash;
  const [name, occurrence] = wanted.split(":");
  const point = crashPoints.find((one) => one === name);
  const times = Number(occurrence ?? "1");
  if (point === undefined || !Number.isInteger(times) || times < 1)
    throw new Failure("invalid", "settings.bad-crash-point", {
      message: `XVC_CRASH_POINT must be a registered point and a count, such as command.before-commit:3; got ${wanted}.`,
    });
  let passed = 0;
  return (at: CrashPoint) => {
    if (at !== point) return;
    passed += 1;
    if (passed === times) process.kill(process.pid, "SIGKILL");
  };
}
