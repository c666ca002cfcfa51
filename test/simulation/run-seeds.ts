import { runOrganization, type SimulatedRun } from "./run-organization.ts";

const torture = process.env["XVC_TEST_VOLUME"] === "torture";

/** Organization runs in all files together: of every test run, or of a release. */
const volume = torture ? 50_000 : 500;

const complaintsOf = (run: SimulatedRun): readonly string[] => [
  ...run.findings.map((finding) => `seed ${String(run.seed)}: ${finding.invariant} ${finding.message} ${finding.rows.join(" ")}`),
  ...run.errors.map((error) => `seed ${String(run.seed)}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
];

const movesOf = (run: SimulatedRun): readonly string[] =>
  run.world.events.flatMap((event) =>
    typeof event.data["from"] === "string" && event.kind !== "task.reassigned"
      ? [`${event.subjectKind}: ${event.data["from"]} by ${event.kind}`]
      : [],
  );

/** Runs this file's share of the volume and says what was wrong with its worlds and how many kinds of moves were met. Prints what was reached. */
export async function runShare(share: {
  readonly part: number;
  readonly of: number;
}): Promise<{ readonly complaints: readonly string[]; readonly moves: number }> {
  const complaints: string[] = [];
  const happened = new Map<string, number>();
  const moves = new Set<string>();
  let runs = 0;
  for (let seed = 1 + share.part; seed <= volume; seed += share.of) {
    const run = await runOrganization(seed);
    runs += 1;
    complaints.push(...complaintsOf(run));
    for (const [fault, count] of run.happened) happened.set(fault, (happened.get(fault) ?? 0) + count);
    for (const move of movesOf(run)) moves.add(move);
    if (complaints.length > 200) break; // enough to see what is wrong
  }
  const faults = [...happened].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([fault, count]) => `${fault} ${String(count)}`);
  console.log(`${String(runs)} organizations, ${String(moves.size)} kinds of moves, faults: ${faults.join(", ")}`);
  return { complaints: summary(complaints), moves: moves.size };
}

/** One line per sort of complaint, with how often it came and the first seed. */
function summary(complaints: readonly string[]): readonly string[] {
  const sorts = Map.groupBy(complaints, (complaint) =>
    complaint.replace(/^seed \d+: /u, "").replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/gu, "#"),
  );
  return [...sorts.values()].map((same) => `${String(same.length)} x ${same[0] ?? ""}`).slice(0, 20);
}
