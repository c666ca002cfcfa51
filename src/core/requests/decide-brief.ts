import { openItem } from "../oversight/open-item.ts";
import type { ItemChoice } from "../oversight/inbox-item.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, beginTransition, refuse } from "../shared/transition.ts";
import { moveRequest, staleRequestReport, startRequestJob } from "./move-request.ts";
import { type Brief, type WorkRequest, requestKind } from "./request.ts";

/** Something analysis cannot know. It waits as a row until a person answers. */
export interface BriefQuestion {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly ruleId: string;
  readonly choices: readonly ItemChoice[];
}

/** The report of an analyse job. */
export interface RecordBrief {
  readonly kind: "record-brief";
  readonly requestId: string;
  readonly epoch: number;
  readonly brief: Brief;
  readonly questions: readonly BriefQuestion[];
}

export const maxBriefQuestions = 10;

/** Stores what analysis understood; with open questions the request waits for people, without it goes to planning. */
export function decideBrief(slice: { readonly request: WorkRequest }, command: RecordBrief, context: DecideContext): Decided {
  const stale = staleRequestReport(slice.request, "analysing", command.epoch);
  if (stale !== null) return refuse("conflict", "request.stale-report", `This analysis came too late: ${stale}.`);
  if (command.questions.length > maxBriefQuestions) return refuse("invalid", "request.too-many-questions", `At most ${maxBriefQuestions} questions at once.`);
  const draft = beginTransition();
  const request = draft.change(requestKind, slice.request, { brief: command.brief });
  for (const question of command.questions) {
    openItem(draft, context, {
      kind: "question",
      requestId: asId(request.id),
      subjectKind: "request",
      subjectId: request.id,
      title: question.title,
      detail: question.detail,
      ruleId: question.ruleId,
      choices: question.choices,
      evidence: { questionId: question.id },
    });
  }
  const moved = command.questions.length > 0
    ? moveRequest(draft, context, request, "needs-input", { questions: command.questions.length })
    : startRequestJob(draft, moveRequest(draft, context, request, "planning"), "plan");
  return draft.accept({ id: moved.id, state: moved.state });
}
