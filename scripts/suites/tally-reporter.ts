import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";
import type { SkippedTest } from "./tally.ts";

export interface VitestTally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly SkippedTest[];
  readonly failures: readonly string[];
}

const maxFailures = 50;

const firstLine = (message: string): string => (message.split("\n", 1)[0] ?? "").slice(0, 300);

/** Writes the counts of a vitest run to a file. Unlike vitest's own JSON report it keeps the reason of a skipped test. */
export function tallyReporter(file: string): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const counted = modules.map((module) => tallyModule(module));
      const tally: VitestTally = {
        passed: counted.reduce((total, module) => total + module.passed, 0),
        failed: counted.reduce((total, module) => total + module.failed, unhandledErrors.length),
        skipped: counted.flatMap((module) => module.skipped),
        failures: [...counted.flatMap((module) => module.failures), ...unhandledErrors.map((error) => firstLine(error.message))].slice(
          0,
          maxFailures,
        ),
      };
      writeFileSync(file, JSON.stringify(tally));
    },
  };
}

function tallyModule(module: TestModule): VitestTally {
  let passed = 0;
  let failed = 0;
  const skipped: SkippedTest[] = [];
  const failures: string[] = [];
  const tell = (name: string, errors: readonly { readonly message: string }[]): void => {
    failures.push(`${module.relativeModuleId} > ${name}: ${firstLine(errors[0]?.message ?? "no reason given")}`);
  };
  for (const test of module.children.allTests()) {
    const result = test.result();
    if (result.state === "passed") passed += 1;
    else if (result.state === "skipped") skipped.push({ name: test.fullName, reason: result.note ?? "no reason given" });
    else {
      failed += 1;
      tell(test.fullName, result.errors ?? []);
    }
  }
  // A file that does not load, or whose hook throws, has errors of its own and perhaps no failed test.
  const failedSuites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0).length;
  if (module.errors().length > 0 || failedSuites > 0) {
    failed += Math.max(1, failedSuites);
    tell("(the file itself)", module.errors());
  }
  return { passed, failed, skipped, failures };
}
