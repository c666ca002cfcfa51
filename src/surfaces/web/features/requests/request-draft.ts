import type { RequestInputDocument } from "../../../../contract/content-contract.ts";
import type { RequestDraftBody } from "../../../../contract/request-contract.ts";

type Fields = Readonly<Record<string, string>>;

const microPerUnit = 1_000_000;
/** Largest amount whose micro-units are still an exact integer, with room to add. */
const maxBudget = 1_000_000_000;

/** The end of that day in the writer's zone; undefined: no day. */
function endOfDay(text: string): number | undefined {
  const [year, month, day] = text.split("-").map(Number);
  if (year === undefined || month === undefined || day === undefined || Number.isNaN(year + month + day)) return undefined;
  return new Date(year, month - 1, day, 23, 59, 59).getTime();
}

/** An amount as people write it: `1200`, `1200.50`, `1200,50`; undefined: no amount. */
export function readAmount(text: string): number | undefined {
  if (!/^\d{1,10}(?:[.,]\d{1,2})?$/u.test(text.trim())) return undefined;
  const amount = Number(text.trim().replace(",", "."));
  return amount <= maxBudget ? amount : undefined;
}

const given = (fields: Fields, name: string): string => (fields[name] ?? "").trim();

/** What has to be put right before filing, by field, in the order of the form. */
export function draftProblems(fields: Fields, nowMs: number): Fields {
  const problems: Record<string, string> = {};
  const deadline = given(fields, "deadline");
  const endMs = deadline === "" ? undefined : endOfDay(deadline);
  if (given(fields, "text") === "") problems["text"] = "Say what you want done; one sentence is enough.";
  if (given(fields, "path") !== "" && !/^(?:\/|~|[A-Za-z]:[\\/])/u.test(given(fields, "path")))
    problems["path"] = "Give the whole path, starting with / (or a drive letter).";
  if (deadline !== "" && (endMs === undefined || endMs < nowMs)) problems["deadline"] = "This day is over. Choose today or later.";
  if (given(fields, "budget") !== "" && readAmount(given(fields, "budget")) === undefined)
    problems["budget"] = "Write an amount such as 1200 or 1200.50.";
  return problems;
}

const isUrgency = (text: string): boolean => text === "low" || text === "high";

/** The body to send. Call it only when `draftProblems` found nothing. */
export function draftBody(fields: Fields, inputs: readonly RequestInputDocument[] = []): RequestDraftBody {
  const budget = readAmount(given(fields, "budget"));
  const deadline = endOfDay(given(fields, "deadline"));
  return {
    text: given(fields, "text"),
    ...(given(fields, "playbook") === "" ? {} : { playbook: given(fields, "playbook") }),
    ...(given(fields, "project") === "" ? {} : { project: given(fields, "project") }),
    ...(isUrgency(given(fields, "urgency")) ? { urgency: given(fields, "urgency") as "low" | "high" } : {}), // checked here
    ...(given(fields, "path") === "" ? {} : { inputPaths: [{ path: given(fields, "path") }] }),
    ...(inputs.length === 0 ? {} : { inputs: [...inputs] }),
    ...(budget === undefined ? {} : { budgetMicro: Math.round(budget * microPerUnit) }),
    ...(deadline === undefined ? {} : { deadlineAtMs: deadline }),
  };
}
