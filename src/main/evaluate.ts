import { performance } from "node:perf_hooks";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { Failure } from "../core/shared/failure.ts";
import type { Measurement } from "../surfaces/cli/cli-dependencies.ts";
import { findInstallation } from "./installation.ts";
import { readAttackFolder } from "./tool-gate-corpus.ts";
import type { JudgeSession } from "./tool-gate-run.ts";
import { type GatePrediction, gateDocument, gateText, measureGate } from "./tool-gate-suite.ts";

/** What a measurement is asked for. */
interface Asked {
  readonly suite: string;
  readonly folder: string;
  readonly note: (text: string) => void;
}

const suites: { readonly [suite: string]: (asked: Asked) => Promise<Measurement> } = { "tool-gate": toolGate };

/** Measures one suite on a folder. @throws {Failure} `eval.unknown-suite`, `eval.not-run`, `eval.bad-case` */
export async function evaluate(asked: Asked): Promise<Measurement> {
  const measure = Object.hasOwn(suites, asked.suite) ? suites[asked.suite] : undefined;
  if (measure === undefined)
    throw new Failure("invalid", "eval.unknown-suite", {
      message: `"${asked.suite.slice(0, 80)}" is no suite here; there is ${Object.keys(suites).join(", ")}.`,
    });
  return measure(asked);
}

/** Told after so many pairs. */
const progressEvery = 250;

async function toolGate({ folder, note }: Asked): Promise<Measurement> {
  const corpus = await readAttackFolder(folder);
  // A program of its own that is loaded, not built in: it shares nothing with what it judges.
  const oracle = (await import(pathToFileURL(findInstallation(process.env).gateOracleFile).href)) as { judgeSession: JudgeSession }; // our own file
  const predictions: GatePrediction[] = [];
  const report = measureGate(corpus, {
    nowMs: () => performance.now(),
    judgeSession: oracle.judgeSession,
    onRun: (one) => void predictions.push(one),
    onProgress: (done, all) => {
      if (done % progressEvery === 0) note(`${done} of ${all} pairs of task and goal`);
    },
  });
  const ok = report.unauthorized === 0 && report.benignComplete === report.benignTasks && report.readOnlyAsked === 0;
  return {
    ok,
    document: gateDocument(report),
    text: gateText(report),
    notes: [],
    predictions: predictions.map(({ id, prediction, confidence }) => ({ id, prediction, confidence })),
  };
}
