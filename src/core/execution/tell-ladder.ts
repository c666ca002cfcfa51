import { clockKind } from "../oversight/clock.ts";
import type { Outcome } from "../personas/ladder.ts";
import { needsProof } from "../personas/persona.ts";
import type { WorkRequest } from "../requests/request.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Step } from "../shared/transition.ts";
import type { Attempt } from "./attempt.ts";
import type { Task } from "./task.ts";

/**
 * Lets the ladder hear what became of a first try, as a row that is due at once: the ladder is one row for all tasks of a type, and
 * no task waits for another to count its result.
 */
export function tellLadder(
  { draft, context }: Step,
  { request, task, attempt }: { readonly request: WorkRequest; readonly task: Task; readonly attempt: Attempt },
  { kind, judged }: Pick<Outcome, "kind" | "judged">,
): void {
  if (request.rehearsal || attempt.performer.kind !== "persona" || !needsProof(attempt.executor)) return;
  const outcome: Outcome = {
    attemptId: attempt.id,
    personaVersion: attempt.personaVersion ?? 0,
    executor: attempt.executor,
    kind,
    judged,
    atMs: context.nowMs,
  };
  draft.create(clockKind, {
    id: context.newId(),
    state: "set",
    dueAtMs: context.nowMs,
    subjectKind: "task",
    subjectId: task.id,
    command: {
      kind: "count-outcome",
      personaKey: attempt.performer.id,
      taskType: task.spec.task,
      outcome: outcome as unknown as JsonObject, // plain JSON by its type
    },
    actor: { kind: "system", id: "ladder" },
  });
}
