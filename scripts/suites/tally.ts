/** What one suite says at its end. A static check is a suite of one. */
export interface SuiteTally {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly SkippedTest[];
  /** What failed and how, one line each. */
  readonly failures?: readonly string[];
  readonly seconds: number;
}

export interface SkippedTest {
  readonly name: string;
  readonly reason: string;
}

/** Faults that this project cannot inject on a test machine. They are named at the end of every run, never counted as passed. */
export const notRun: readonly SkippedTest[] = [
  { name: "power loss below the file system", reason: "cutting writes at block level needs a virtual machine" },
  { name: "real networks between hosts", reason: "the tests have one machine" },
  { name: "ARM, macOS and musl", reason: "the tests run on Linux x64 with glibc" },
];

/**
 * The summary a person reads, the line a machine reads last.
 *
 * @param strict a skipped test is then a failed one: used where nobody is there to read the reason
 */
export function summarise(tallies: readonly SuiteTally[], strict: boolean): { readonly text: string; readonly failed: number } {
  const skipped = tallies.flatMap((tally) => tally.skipped.map((test) => ({ ...test, suite: tally.name })));
  const passed = sum(tallies.map((tally) => tally.passed));
  const failed = sum(tallies.map((tally) => tally.failed)) + (strict ? skipped.length : 0);
  const lines = [
    "",
    ...tallies.map((tally) => line(tally)),
    ...tallies.flatMap((tally) => (tally.failures ?? []).map((failure) => `FAILED ${tally.name}: ${failure}`)),
    ...skipped.map((test) => `${strict ? "FAILED (skipped)" : "SKIPPED"} ${test.suite}: ${test.name}: ${test.reason}`),
    ...notRun.map((test) => `NOT RUN ${test.name}: ${test.reason}`),
    "",
    `${passed} passed, ${failed} failed`,
  ];
  return { text: lines.join("\n"), failed };
}

function line(tally: SuiteTally): string {
  const state = tally.failed > 0 ? "FAILED" : "ok";
  const counts = `${tally.passed} passed, ${tally.failed} failed${tally.skipped.length > 0 ? `, ${tally.skipped.length} skipped` : ""}`;
  return `${state.padEnd(7)}${tally.name.padEnd(14)}${counts} (${tally.seconds.toFixed(1)} s)`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
