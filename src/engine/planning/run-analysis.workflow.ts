import { draftBrief } from "../../core/planning/draft-brief.ts";
import { type Playbook, playbookKind } from "../../core/planning/plan.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { JobRun } from "../ports/durable.ts";
import type { Reader } from "../ports/store.ts";
import { readServes } from "../requests/serving.ts";
import { jobCaller, scopeOf } from "../shared/job-caller.ts";
import { hasMovedOn } from "../shared/refusal.ts";
import type { Workbench } from "../execution/workbench.ts";

/** Understands a request without a model and reports the brief with its open questions. */
export async function runAnalysis(bench: Workbench, run: JobRun): Promise<void> {
  const found = await bench.store.read(scopeOf(run), async (reader) => {
    const request = await reader.get(requestKind, run.subjectId);
    if (request === undefined || request.epoch !== run.epoch) return null;
    return { request, playbooks: await latestPlaybooks(reader), serves: await readServes(reader, request) };
  });
  if (found === null) return;
  const drafted = draftBrief(found.request, found.playbooks, found.serves);
  bench.crash("job.before-report");
  try {
    const caller = jobCaller(run, "analysis");
    await bench.apply(
      { ...caller, key: `${caller.key}:report` },
      { kind: "record-brief", requestId: run.subjectId, epoch: run.epoch, brief: drafted.brief, questions: drafted.questions },
    );
  } catch (error) {
    if (!hasMovedOn(error)) throw error;
  }
  bench.crash("job.after-report");
}

/** Most playbook versions looked at. */
const maxPlaybooks = 5_000;

/** The newest version of each playbook. */
export async function latestPlaybooks(reader: Reader): Promise<readonly Playbook[]> {
  const newest = new Map<string, Playbook>();
  for (const playbook of await reader.find(playbookKind, { limit: maxPlaybooks })) {
    if ((newest.get(playbook.name)?.playbookVersion ?? 0) < playbook.playbookVersion) newest.set(playbook.name, playbook);
  }
  return [...newest.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}
