import type { InboxItem, ItemChoice } from "../oversight/inbox-item.ts";
import { openItem, withdrawItems } from "../oversight/open-item.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, type Step, beginStep, refuse } from "../shared/transition.ts";
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
export function decideBrief(
  slice: { readonly request: WorkRequest; readonly items: readonly InboxItem[] },
  command: RecordBrief,
  context: DecideContext,
): Decided {
  const stale = staleRequestReport(slice.request, "analysing", command.epoch);
  if (stale !== null) return refuse("conflict", "request.stale-report", `This analysis came too late: ${stale}.`);
  if (command.questions.length > maxBriefQuestions)
    return refuse("invalid", "request.too-many-questions", `At most ${maxBriefQuestions} questions at once.`);
  const step = beginStep(context);
  const request = step.draft.change(requestKind, slice.request, { brief: command.brief });
  withdrawItems(step, slice.items, "the analysis has ended");
  for (const question of command.questions) askRequester(step, request, question);
  const moved =
    command.questions.length > 0
      ? moveRequest(step, request, { to: "needs-input", data: { questions: command.questions.length } })
      : startRequestJob(step, moveRequest(step, request, { to: "planning" }));
  return step.draft.accept({ id: moved.id, state: moved.state });
}

/** Puts a question about a request into the inbox. */
export const askRequester = (step: Step, request: WorkRequest, question: BriefQuestion): InboxItem =>
  openItem(step, {
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
