import type { CheckResult } from "../../src/core/execution/attempt.ts";
import type { Artifact } from "../../src/core/shared/content.ts";
import { Failure } from "../../src/core/shared/failure.ts";
import { asId } from "../../src/core/shared/ids.ts";
import { type EffectDependencies, performEffect } from "../../src/engine/gate/perform-effect.ts";
import type { Ids, Rng } from "../../src/engine/ports/clock.ts";
import type { ContentStore } from "../../src/engine/ports/content.ts";
import type { AttemptContext, AttemptOutcome, Checker, Executor, Reviewer, Tool } from "../../src/engine/ports/executor.ts";
import { likely, oneOf, upTo } from "./random-playbook.ts";

export interface WorkFaults {
  readonly failing: number;
  readonly asking: number;
  readonly breaking: number;
  readonly poorWork: number;
}

export interface ScriptedWork {
  readonly organizationId: string;
  readonly rng: Rng;
  readonly ids: Ids;
  readonly content: ContentStore;
  readonly tools: readonly Tool[];
  readonly faults: () => WorkFaults;
  readonly ready: () => Promise<void>;
}

async function outputsOf(work: ScriptedWork, context: AttemptContext): Promise<readonly Artifact[]> {
  const outputs: Artifact[] = [];
  for (const name of context.task.spec.outputs) {
    const quality = likely(work.rng, work.faults().poorWork) ? "poor" : "good";
    const bytes = new TextEncoder().encode(`${name} ${String(context.attempt.number)} ${quality}\n`);
    await work.ready();
    outputs.push({ name, sha256: await work.content.write(bytes), mediaType: "text/markdown", bytes: bytes.byteLength });
  }
  return outputs;
}

/** Acts on the outside world as a planned step of the task would: the same step in every attempt. */
async function act(work: ScriptedWork, bench: () => EffectDependencies, context: AttemptContext): Promise<void> {
  const { task, attempt, request } = context;
  const tool = work.tools[(task.ordinal + task.key.length) % (work.tools.length * 2)]; // every second task has no outside effect
  if (tool === undefined) return;
  const caller = {
    organizationId: asId<"organization">(work.organizationId),
    projectId: request.projectId,
    actor: { kind: "persona", id: attempt.performer.id },
    key: `effect:${work.ids.next()}`,
  } as const;
  await performEffect(bench(), caller, {
    requestId: request.id,
    taskId: task.id,
    epoch: attempt.epoch,
    step: "tell",
    ordinal: 1,
    tool,
    arguments: { note: task.title },
  });
}

export function scriptedExecutor(kind: "rules" | "scripted", work: ScriptedWork, bench: () => EffectDependencies): Executor {
  return {
    kind,
    serves: () => ({ ok: true }),
    async attempt(context): Promise<AttemptOutcome> {
      await work.ready();
      const faults = work.faults();
      const duration = kind === "scripted" ? { durationMs: upTo(work.rng, 4) * 1_800_000 } : {};
      if (likely(work.rng, faults.breaking)) throw new Failure("bug", "script.broken", { message: "The script broke." });
      if (likely(work.rng, faults.failing))
        return {
          kind: "failed",
          code: "script.failed",
          message: "By script.",
          retryable: likely(work.rng, 0.7),
          costMicro: 10,
          ...duration,
        };
      if (context.task.answers.length === 0 && likely(work.rng, faults.asking))
        return { kind: "asked", question: `What about ${context.task.key}?`, costMicro: 5, ...duration };
      await act(work, bench, context);
      return {
        kind: "submitted",
        outputs: await outputsOf(work, context),
        interpretation: "As the script says.",
        notes: [],
        costMicro: 1 + upTo(work.rng, 1_000),
        ...duration,
      };
    },
  };
}

const verdict = (fields: Pick<CheckResult, "criterionId" | "kind" | "verdict"> & { readonly looked: string }): CheckResult => ({
  criterionId: fields.criterionId,
  kind: fields.kind,
  verdict: fields.verdict,
  detail: `${fields.looked} looks ${fields.verdict === "pass" ? "good" : "poor"}.`,
  evidence: { looked: fields.looked },
});

async function looksGood(content: ContentStore, outputs: readonly Artifact[]): Promise<boolean> {
  for (const output of outputs) if (new TextDecoder().decode(await content.read(output.sha256)).includes("poor")) return false;
  return true;
}

export const outputChecker = (work: ScriptedWork): Checker => ({
  kind: "output",
  async check(_, { outputs, criterion }) {
    await work.ready();
    const good = outputs.length > 0 && (await looksGood(work.content, outputs));
    return verdict({
      criterionId: criterion.id,
      kind: "output",
      verdict: good ? "pass" : "fail",
      looked: outputs.map((output) => output.sha256).join(" "),
    });
  },
});

export const scriptedReviewer = (name: string, work: ScriptedWork): Reviewer => ({
  name,
  async review(context, submission) {
    await work.ready();
    const good = !likely(work.rng, work.faults().poorWork);
    const criteria = context.task.spec.acceptance
      .filter((criterion) => criterion.check.kind === "reviewer")
      .map((criterion) => criterion.id);
    return (criteria.length === 0 ? ["review"] : criteria).map((criterionId) =>
      verdict({
        criterionId,
        kind: "reviewer",
        verdict: good ? "pass" : "fail",
        looked: oneOf(work.rng, submission.outputs)?.sha256 ?? "nothing",
      }),
    );
  },
});
