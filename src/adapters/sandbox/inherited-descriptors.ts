import { closeSync, openSync, readFileSync, readdirSync } from "node:fs";

const closeOnExec = 0o2000000;
const maxDescriptor = 65_535;

/**
 * Descriptors that a child would get although nobody passes them on: what our own parent left open without
 * close-on-exec. They would be doors out of any sandbox. Empty where there is no `/proc`.
 */
export function leakingDescriptors(firstFree: number): readonly number[] {
  return list()
    .map(Number)
    .filter((descriptor) => descriptor >= firstFree && descriptor <= maxDescriptor && !closesOnExec(descriptor));
}

/** The tail of a `stdio` list, beginning at descriptor `firstFree`, that puts `/dev/null` in the place of each leak. */
export function plugDescriptors(firstFree: number): { readonly stdio: readonly ("ignore" | number)[] } & Disposable {
  const leaks = leakingDescriptors(firstFree);
  if (leaks.length === 0) return { stdio: [], [Symbol.dispose]: () => undefined };
  const nothing = openSync("/dev/null", "r+");
  const stdio = Array.from({ length: Math.max(...leaks) - firstFree + 1 }, (_, index) =>
    leaks.includes(index + firstFree) ? nothing : "ignore",
  );
  return { stdio, [Symbol.dispose]: () => closeSync(nothing) };
}

function list(): readonly string[] {
  try {
    return readdirSync("/proc/self/fdinfo");
  } catch {
    return [];
  }
}

/** A descriptor that closed since it was listed leaks nothing. */
function closesOnExec(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "latin1"))?.[1];
    return flags === undefined || (Number.parseInt(flags, 8) & closeOnExec) !== 0;
  } catch {
    return true;
  }
}
