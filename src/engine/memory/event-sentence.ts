import type { Json, JsonObject } from "../../core/shared/json.ts";

/** What a sentence is made of: the fact, and the names of who acted. */
export interface Told {
  readonly kind: string;
  readonly data: JsonObject;
  readonly actorName: string;
}

const said = (value: Json | undefined): string => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");
const task = (data: JsonObject): string => said(data["taskKey"]) || "a task";
const because = (data: JsonObject): string => (said(data["reason"]) === "" ? "" : `: ${said(data["reason"])}`);

type Sentence = (told: Told) => string;

const sentences: { readonly [kind: string]: Sentence } = {
  "request.submitted": ({ actorName, data }) => `${actorName} filed the request "${said(data["title"])}".`,
  "request.analysing": () => "Analysis began.",
  "request.needs-input": () => "The request waits for an answer.",
  "request.planning": () => "Planning began.",
  "request.awaiting-approval": ({ data }) => `Plan ${said(data["planNumber"])} waits for approval.`,
  "request.active": () => "The plan was approved and work began.",
  "request.integrating": () => "All work passed; the deliverable is put together.",
  "request.delivered": () => "The deliverable was handed over.",
  "request.closed": ({ actorName }) => `${actorName} closed the request.`,
  "request.rejected": ({ actorName, data }) => `${actorName} rejected the plan${because(data)}`,
  "request.cancelled": ({ actorName, data }) => `${actorName} cancelled the request${because(data)}`,
  "request.paused": ({ actorName, data }) => `${actorName} paused the request${because(data)}`,
  "plan.proposed": ({ data }) => `Plan ${said(data["number"])} with ${said(data["taskCount"])} tasks was proposed (${said(data["originKind"])} ${said(data["originName"])}).`,
  "plan.decided": ({ actorName, data }) => `${actorName} decided the plan: ${said(data["choice"])}.`,
  "plan.superseded": () => "An earlier plan was replaced.",
  "task.ready": ({ data }) => `${task(data)} is ready${because(data)}`,
  "task.offered": ({ data }) => `${task(data)} is offered to people.`,
  "task.waiting": ({ data }) => `${task(data)} waits for what it depends on.`,
  "task.assigned": ({ data }) => `${task(data)} was assigned (${said(data["executor"])}).`,
  "task.started": ({ data }) => `Work on ${task(data)} began.`,
  "task.submitted": ({ data }) => `${task(data)} was handed in.`,
  "task.in-review": ({ data }) => `${task(data)} is under review.`,
  "task.rework": ({ data }) => `${task(data)} was sent back in round ${said(data["round"])}.`,
  "task.accepted": ({ data }) => `${task(data)} passed.`,
  "task.integrated": ({ data }) => `${task(data)} became part of the deliverable.`,
  "task.blocked": ({ data }) => `${task(data)} is blocked${because(data)}`,
  "task.escalated": ({ data }) => `${task(data)} was escalated${because(data)}`,
  "task.reassigned": ({ data }) => `${task(data)} moved to another performer${because(data)}`,
  "task.cancelled": ({ data }) => `${task(data)} was cancelled${because(data)}`,
  "task.failed": ({ data }) => `${task(data)} failed${because(data)}`,
  "task.reopened": ({ data }) => `${task(data)} was reopened${because(data)}`,
  "decision.requested": ({ data }) => `Somebody is asked: ${said(data["title"])}`,
  "decision.answered": ({ actorName, data }) => `${actorName} answered: ${said(data["choice"])}.`,
  "decision.withdrawn": ({ data }) => `A question was withdrawn${because(data)}`,
  "decision.made": ({ actorName, data }) => `${actorName} decided "${said(data["choice"])}" (${said(data["authority"])}).`,
  "gate.decided": ({ data }) => `The quality gate of ${task(data)} said ${said(data["decision"]) || said(data["outcome"]) || "its verdict"}.`,
  "review.opened": ({ data }) => `A reviewer was asked about ${task(data)}.`,
  "review.decided": ({ data }) => `The reviewer of ${task(data)} decided: ${said(data["outcome"])}.`,
  "review.judged": ({ actorName, data }) => `${actorName} judged ${said(data["criterionId"])} of ${task(data)}: ${said(data["verdict"])}.`,
  "lease.lost": () => "A worker was lost; its work was handed over.",
  "integration.failed": () => "The deliverable did not hold as a whole.",
  "deliverable.delivered": () => "The deliverable was verified as a whole.",
  "deliverable.reopened": ({ actorName }) => `${actorName} sent the deliverable back.`,
};

/** At most this many characters of a sentence; the fact itself stands beside it. */
const maxSentence = 500;

/** A fact as one sentence for people; facts without their own sentence are called by their name. */
export function eventSentence(told: Told): string {
  const sentence = sentences[told.kind]?.(told) ?? `${told.kind.replaceAll(/[.-]/gu, " ")}.`;
  return sentence.length > maxSentence ? `${sentence.slice(0, maxSentence - 1)}…` : sentence;
}
