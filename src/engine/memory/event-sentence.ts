import { tagText } from "../../core/memory/tag.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";

/** What a sentence is made of: the fact, and the names of who acted. */
export interface Told {
  readonly kind: string;
  readonly data: JsonObject;
  readonly actorName: string;
  /** Titles of tasks by key; a task that is not here is called by its key. */
  readonly titles?: ReadonlyMap<string, string>;
}

const said = (value: Json | undefined): string => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");
const factText = (value: Json | undefined): string =>
  value === null || value === undefined ? "not known" : typeof value === "boolean" ? (value ? "yes" : "no") : said(value);
const task = (data: JsonObject): string => said(data["taskTitle"]) || said(data["taskKey"]) || "a task";
/** `0.002` hours as `7 s`: the unit that keeps the figure readable. */
function hours(value: Json | undefined): string {
  const stated = Number(value ?? 0);
  if (stated >= 1) return `${Number(stated.toFixed(1))} h`;
  return stated * 60 >= 1 ? `${Number((stated * 60).toFixed(0))} min` : `${Number((stated * 3600).toFixed(0))} s`;
}
const because = (data: JsonObject): string => (said(data["reason"]) === "" ? "" : `: ${said(data["reason"])}`);

const jobNames: { readonly [job: string]: string } = {
  analyse: "Analysis",
  plan: "Planning",
  integrate: "Putting the deliverable together",
  review: "A review",
  notify: "A message",
};
const jobName = (data: JsonObject): string => jobNames[said(data["job"])] ?? "Work";

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
  "plan.proposed": ({ actorName, data }) =>
    `Plan ${said(data["number"])} with ${said(data["taskCount"])} tasks was proposed (${data["originKind"] === "person" ? `written by ${actorName}` : `${said(data["originKind"])} ${said(data["originName"])}`}).`,
  "plan.decided": ({ actorName, data }) => `${actorName} decided the plan: ${said(data["choice"])}.`,
  "plan.superseded": () => "An earlier plan was replaced.",
  "task.ready": ({ data }) => `${task(data)} is ready${because(data) || "."}`,
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
  "decision.proposed": ({ actorName, data }) => `${actorName} proposed a decision: ${said(data["question"])}`,
  "fact.recorded": ({ actorName, data }) =>
    `${actorName} put on record: ${said(data["attribute"])} of ${said(data["subjectName"])} is ${factText(data["value"])}.`,
  "fact.corrected": ({ actorName, data }) =>
    `${actorName} corrected ${said(data["attribute"])} of ${said(data["subjectName"])} to ${factText(data["value"])}.`,
  "decision.superseded": () => "Another decision took the place of this one.",
  "decision.reviewed": ({ actorName, data }) => `${actorName} recorded how it turned out (${said(data["verdict"])}): ${said(data["text"])}`,
  "decision.review-set": ({ actorName, data }) =>
    data["reviewAtMs"] === null ? `${actorName} took the day to look at it again away.` : `${actorName} set a day to look at it again.`,
  "decision.made": ({ actorName, data }) => `${actorName} decided "${said(data["choice"])}" (${said(data["authority"])}).`,
  "gate.decided": ({ data }) => `The quality gate of ${task(data)} said: ${said(data["verdict"])}.`,
  "review.opened": ({ data }) => `A reviewer was asked about ${task(data)}.`,
  "review.decided": ({ data }) => `The reviewer of ${task(data)} decided: ${said(data["outcome"])}.`,
  "review.judged": ({ actorName, data }) => `${actorName} judged ${said(data["criterionId"])} of ${task(data)}: ${said(data["verdict"])}.`,
  "attempt.leased": ({ data }) => `An attempt at ${task(data)} was given to ${said(data["performer"]) || "its performer"}.`,
  "estimate.set": ({ data }) => `${task(data)} is estimated at ${hours(data["lowHours"])} to ${hours(data["highHours"])}.`,
  "context.given": ({ data }) =>
    `What is known for the task was put together: ${said(data["told"])} pieces of about ${said(data["tokens"])} tokens, ${said(data["leftOut"])} left out.`,
  "run.started": ({ data }) => `An attempt at ${task(data)} began.`,
  "run.scripted": ({ data }) => `The attempt takes ${(Number(data["durationMs"] ?? 0) / 3_600_000).toFixed(1)} simulated hours.`,
  "run.ended": ({ data }) => `An attempt at ${task(data)} ended: ${said(data["outcome"])}${because(data)}`,
  "human.time": ({ data }) => `${(Number(data["ms"] ?? 0) / 60_000).toFixed(0)} minutes of a person's work were reported.`,
  "plan.patched": ({ actorName, data }) => `${actorName} changed the running plan${because(data)}`,
  "decision.delegated": ({ actorName, data }) => `${actorName} handed a question over${because(data)}`,
  "decision.overdue": () => "A question is overdue.",
  "comment.posted": ({ actorName }) => `${actorName} wrote a comment.`,
  "comment.edited": ({ actorName }) => `${actorName} edited a comment.`,
  "comment.removed": ({ actorName }) => `${actorName} removed a comment.`,
  "recurrence.created": ({ actorName, data }) => `${actorName} lets this be filed again: ${said(data["rule"])} (${said(data["zone"])}).`,
  "recurrence.filed": ({ data }) =>
    `${said(data["label"])} was filed by the calendar rule${Number(data["skippedCount"] ?? 0) > 0 ? `; ${said(data["skippedCount"])} missed times were passed over` : ""}.`,
  "recurrence.paused": ({ data }) => `Filing by the calendar rule was paused${because(data)}`,
  "recurrence.resumed": ({ actorName }) => `${actorName} resumed filing by the calendar rule.`,
  "recurrence.ended": ({ data }) => `Filing by the calendar rule ended${because(data)}`,
  "request.serves": ({ actorName, data }) =>
    said(data["label"]) === "" ? `${actorName} took its objective away.` : `${actorName} says it serves ${said(data["label"])}.`,
  "request.epic": ({ actorName, data }) =>
    said(data["title"]) === ""
      ? `${actorName} took it out of its epic.`
      : `${actorName} made it part of the epic "${said(data["title"])}".`,
  "task.sprint": ({ actorName, data }) =>
    said(data["title"]) === ""
      ? `${actorName} took ${task(data)} out of its sprint.`
      : `${actorName} planned ${task(data)} for the sprint "${said(data["title"])}".`,
  "tag.added": ({ actorName, data }) => `${actorName} put the tag ${tagText({ key: said(data["key"]), value: said(data["value"]) })} on.`,
  "tag.removed": ({ actorName, data }) =>
    `${actorName} took the tag ${tagText({ key: said(data["key"]), value: said(data["value"]) })} off.`,
  "relation.added": ({ actorName, data }) =>
    `${actorName} said that a ${said(data["fromKind"])} stands as ${said(data["role"])} to a ${said(data["toKind"])}.`,
  "relation.removed": ({ actorName, data }) => `${actorName} took the relation ${said(data["role"])} away.`,
  "persona.added": ({ data }) => `Persona ${said(data["key"])} came into the library.`,
  "persona.changed": ({ actorName, data }) =>
    `${actorName} made version ${said(data["personaVersion"])} of persona ${said(data["key"])}${because(data) || "."}`,
  "persona.rolled-back": ({ actorName, data }) =>
    `${actorName} took persona ${said(data["key"])} back to version ${said(data["toVersion"])}${because(data)}`,
  "persona.retired": ({ actorName, data }) => `${actorName} retired persona ${said(data["key"])}${because(data)}`,
  "persona.restored": ({ actorName, data }) => `${actorName} put persona ${said(data["key"])} back to work${because(data)}`,
  "persona-proposal.made": ({ data }) => `Persona ${said(data["key"])} was proposed from ${said(data["name"])}.`,
  "persona-proposal.accepted": ({ actorName, data }) =>
    `${actorName} accepted the proposed persona ${said(data["key"])}${because(data) || "."}`,
  "persona-proposal.rejected": ({ actorName, data }) => `${actorName} rejected the proposed persona ${said(data["key"])}${because(data)}`,
  "capability.given": ({ data }) => `${said(data["persona"])} may call ${said(data["tool"])} in this task.`,
  "grant.given": ({ actorName, data }) => `${actorName} said yes beforehand to calls of ${said(data["tool"])}.`,
  "grant.revoked": ({ actorName, data }) => `${actorName} took back a standing yes to calls of ${said(data["tool"])}.`,
  "tool.allowed": ({ data }) => `A call of ${said(data["tool"])} was let through.`,
  "tool.approved": ({ actorName, data }) => `${actorName} said yes to one call of ${said(data["tool"])}.`,
  "tool.asked": ({ data }) => `A call of ${said(data["tool"])} waits for a person.`,
  "tool.denied": ({ data }) => `A call of ${said(data["tool"])} was denied.`,
  "tool.mode-set": ({ actorName, data }) => `${actorName} set the tool ${said(data["tool"])} to ${said(data["mode"])}.`,
  "tool.refused": ({ data }) => `The gate refused a call of ${said(data["tool"])}${because(data)}`,
  "tool.used": ({ data }) => `${said(data["persona"])} called ${said(data["tool"])}.`,
  "effect.intended": ({ data }) => `${said(data["tool"])} is about to act outside.`,
  "effect.started": ({ data }) => `${said(data["tool"])} was called.`,
  "effect.done": ({ data }) => `${said(data["tool"])} has acted.`,
  "effect.failed": ({ data }) => `${said(data["tool"])} was refused.`,
  "effect.unknown": ({ data }) => `Nobody knows whether ${said(data["tool"])} acted; a person has to look.`,
  "run.held": ({ data }) => `An attempt waits: it is halted${because(data)}`,
  "turn.asked": ({ data }) => `The model ${said(data["provider"])}/${said(data["model"])} was asked (turn ${said(data["number"])}).`,
  "turn.answered": ({ data }) => `The model ${said(data["provider"])}/${said(data["model"])} answered (turn ${said(data["number"])}).`,
  "turn.failed": ({ data }) => `The model ${said(data["provider"])}/${said(data["model"])} did not answer (turn ${said(data["number"])}).`,
  "call.answered": ({ data }) => `The tool ${said(data["tool"])} answered a model's call.`,
  "run.paused": ({ data }) => `An attempt rests${because(data)}`,
  "agent.added": ({ actorName, data }) => `${actorName} connected the coding agent ${said(data["name"])}.`,
  "agent.paused": ({ actorName, data }) => `${actorName} paused the coding agent ${said(data["name"])}.`,
  "agent.resumed": ({ actorName, data }) => `${actorName} let the coding agent ${said(data["name"])} be started again.`,
  "agent.removed": ({ actorName, data }) => `${actorName} removed the coding agent ${said(data["name"])}.`,
  "provider.added": ({ actorName, data }) => `${actorName} connected the model provider ${said(data["name"])}.`,
  "provider.changed": ({ actorName, data }) => `${actorName} changed the model provider ${said(data["name"])}.`,
  "provider.paused": ({ actorName, data }) => `${actorName} paused the model provider ${said(data["name"])}.`,
  "provider.resumed": ({ actorName, data }) => `${actorName} resumed the model provider ${said(data["name"])}.`,
  "provider.removed": ({ actorName, data }) => `${actorName} removed the model provider ${said(data["name"])} and its key.`,
  "provider.allowed": ({ actorName, data }) => `${actorName} let the project's contexts go to ${said(data["name"])}.`,
  "provider.disallowed": ({ actorName, data }) => `${actorName} lets the project's contexts go to ${said(data["name"])} no longer.`,
  "provider.embedding-chosen": ({ actorName, data }) =>
    `${actorName} chose ${said(data["name"])}/${said(data["model"])} to make vectors for the search.`,
  "provider.embedding-ended": ({ actorName, data }) =>
    `${actorName} ended that ${said(data["name"])}/${said(data["model"])} makes vectors for the search.`,
  "run.resumed": () => "An attempt that was halted goes on.",
  "work.held": ({ data }) => `${jobName(data)} waits: ${said(data["scope"])} is halted${because(data)}`,
  "work.resumed": ({ data }) => `${jobName(data)} was halted and goes on.`,
  "lease.lost": () => "A worker was lost; its work was handed over.",
  "integration.failed": () => "The deliverable did not hold as a whole.",
  "deliverable.delivered": () => "The deliverable was verified as a whole.",
  "deliverable.reopened": ({ actorName }) => `${actorName} sent the deliverable back.`,
};

const details: ReadonlySet<string> = new Set([
  "attempt.leased",
  "context.given",
  "estimate.set",
  "run.started",
  "run.scripted",
  "run.ended",
  "turn.asked",
  "turn.answered",
  "call.answered",
  "review.opened",
  "task.integrated",
]);

/** Facts that a short story leaves out, because another fact beside them tells the same to a reader. */
export const isDetail = (kind: string): boolean => details.has(kind);

/** At most this many characters of a sentence; the fact itself stands beside it. */
const maxSentence = 500;

const unnamed = (kind: string): string => `${kind.charAt(0).toUpperCase()}${kind.slice(1).replaceAll(/[.-]/gu, " ")}.`;

/** A fact as one sentence for people; facts without their own sentence are called by their name. */
export function eventSentence(told: Told): string {
  const title = told.titles?.get(said(told.data["taskKey"]));
  const named = title === undefined ? told : { ...told, data: { ...told.data, taskTitle: `"${title}"` } };
  const sentence = sentences[told.kind]?.(named) ?? unnamed(told.kind);
  return sentence.length > maxSentence ? `${sentence.slice(0, maxSentence - 1)}…` : sentence;
}
