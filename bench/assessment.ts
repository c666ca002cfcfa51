/* Real job 1, no model: a repository is assessed from the filing of the request to the finished report, by the command a person would type. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import process from "node:process";
import { makeBenchHome } from "./support/bench-home.ts";
import { type Figure, bounded, say, tell } from "./support/figures.ts";
import { makeLargeRepository } from "./support/large-repository.ts";
import { processorMs, residentBytes } from "./support/processor-time.ts";
import { type RunningProgram, startProgram } from "./support/program.ts";

const root = path.resolve(import.meta.dirname, "..");
const size = { files: Number(process.env["BENCH_FILES"] ?? "2000"), commits: Number(process.env["BENCH_COMMITS"] ?? "10000") } as const;
const home = await makeBenchHome();

interface Assessed {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakBytes: number;
  readonly exitCode: number | null;
}

async function assess(program: RunningProgram, repository: string): Promise<Assessed> {
  const before = processorMs(program.pid);
  const startedMs = performance.now();
  let peakBytes = 0;
  const looking = setInterval(() => (peakBytes = Math.max(peakBytes, residentBytes(program.pid))), 200);
  const words = ["request", "submit", "Assess this repository", "--input", repository, "--approve", "--wait"];
  const child = spawn(process.execPath, [path.join(root, "src", "main", "cli.ts"), ...words], {
    cwd: root,
    env: home.environment,
    stdio: "ignore",
  });
  const [exitCode] = (await once(child, "exit")) as [number | null];
  clearInterval(looking);
  return {
    seconds: (performance.now() - startedMs) / 1_000,
    processorSeconds: (processorMs(program.pid) - before) / 1_000,
    peakBytes,
    exitCode,
  };
}

function figure(name: string, assessed: Assessed, atMost: number): Figure {
  const note = `processor ${assessed.processorSeconds.toFixed(1)} s, server and worker at most ${(assessed.peakBytes / 1024 ** 2).toFixed(0)} MB, exit code ${String(assessed.exitCode)}`;
  return bounded({ name, value: assessed.exitCode === 0 ? assessed.seconds : null, unit: "s", note }, { atMost });
}

try {
  const repository = path.join(home.path, "large-repository");
  say(`  making a repository of ${size.files} files and ${size.commits} commits`);
  await makeLargeRepository(repository, size);
  const program = await startProgram(home, ["up", "--port", "0"]);
  try {
    say("  this repository");
    const own = await assess(program, root);
    say("  the made one");
    const large = await assess(program, repository);
    await tell("assessment", [figure("this repository", own, 120), figure(`${size.files} files, ${size.commits} commits`, large, 180)]);
  } finally {
    await program.stop();
  }
} finally {
  await home.remove();
}
