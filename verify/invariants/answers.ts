import { eventName, found, list, type Lookup, nameOf, part, text } from "../lookup.ts";
import type { Finding, StateRow } from "../world.ts";

/** I11: every answer, approval, result and clock was applied at most once, and only to what it named. */
export function checkAnswers(lookup: Lookup): readonly Finding[] {
  return [
    ...lookup.rowsOf("inbox_item").flatMap((item) => checkItem(lookup, item)),
    ...lookup.rowsOf("plan").flatMap((plan) => atMostOnce(lookup, plan, "plan.decided")),
    ...lookup.rowsOf("attempt").flatMap((attempt) => atMostOnce(lookup, attempt, "run.ended")),
    ...lookup.rowsOf("review").flatMap((review) => atMostOnce(lookup, review, "review.decided")),
    ...lookup.rowsOf("clock").flatMap((clock) => checkClock(lookup, clock)),
    ...lookup.rowsOf("plan").flatMap((plan) => checkSinks(lookup, plan)),
  ];
}

function atMostOnce(lookup: Lookup, row: StateRow, kind: string): readonly Finding[] {
  const events = lookup.stream(row.organizationId, row.id).filter((event) => event.kind === kind && event.subjectKind === row.kind);
  const [, second] = events;
  return second === undefined
    ? []
    : [
        found("I11", `A ${row.kind} has ${String(events.length)} events "${kind}".`, {
          lookup,
          row,
          upTo: second.number,
          others: events.map(eventName),
        }),
      ];
}

function checkItem(lookup: Lookup, item: StateRow): readonly Finding[] {
  const { answer = null } = item.fields;
  return [
    ...["decision.answered", "decision.expired"].flatMap((kind) => atMostOnce(lookup, item, kind)),
    ...answerProblems(item, answer).map((problem) => found("I11", problem, { lookup, row: item })),
    ...(answersEver(lookup, item).size > 1 ? [found("I11", "The answer on an item was replaced.", { lookup, row: item })] : []),
  ];
}

function answerProblems(item: StateRow, answer: StateRow["fields"][string]): readonly string[] {
  const state = text(item, "state");
  const isAnswered = ["answered", "expired"].includes(state);
  if (answer === null) return isAnswered ? [`An item is ${state}, and no answer is on it.`] : [];
  const choice = part(answer, "choice") ?? null;
  return [
    ...(isAnswered ? [] : [`An item is ${state}, and an answer is on it.`]),
    ...(list(item, "choices").some((one) => part(one, "id") === choice) ? [] : ["An item was answered with what was no choice."]),
    ...(state === "expired" && !mayExpireWith(item, choice) ? ["Time alone let something go ahead that only people may."] : []),
  ];
}

const answersEver = (lookup: Lookup, item: StateRow): ReadonlySet<string> =>
  new Set(
    lookup
      .versions(item)
      .flatMap((version) =>
        version.fields["answer"] === null || version.fields["answer"] === undefined ? [] : [JSON.stringify(version.fields["answer"])],
      ),
  );

const refusals = new Set<unknown>(["reject", "deny", "no", "decline", "cancel", "fail"]);

/** Written down a second time: what time may choose where nobody answered. */
const mayExpireWith = (item: StateRow, choice: unknown): boolean =>
  choice === item.fields["defaultChoice"] &&
  (refusals.has(choice) || (text(item, "risk") === "low" && item.fields["hold"] === undefined && list(item, "alwaysReview").length === 0));

/** A fired clock sent its one command, under the key that names the clock. */
function checkClock(lookup: Lookup, clock: StateRow): readonly Finding[] {
  const sent = lookup.world.commands.filter(
    (command) => command.organizationId === clock.organizationId && command.key === `clock:${clock.id}`,
  );
  if (sent.length > 1) return [found("I11", `A clock sent its command ${String(sent.length)} times.`, { lookup, row: clock })];
  return sent.length === 1 && text(clock, "state") === "withdrawn" && sent[0]?.outcome["kind"] === "accepted"
    ? [found("I11", "A withdrawn clock's command was accepted.", { lookup, row: clock })]
    : [];
}

/** The count of open last tasks says when integration starts, so it must agree with the tasks. */
function checkSinks(lookup: Lookup, plan: StateRow): readonly Finding[] {
  if (text(plan, "state") !== "approved" || typeof plan.fields["openSinks"] !== "number") return [];
  const request = lookup.row(plan.organizationId, "request", text(plan, "requestId"));
  if (request === undefined || !["active", "paused", "integrating"].includes(text(request, "state"))) return []; // nothing is counted any more
  const tasks = lookup.rowsOf("task").filter((task) => text(task, "planId") === plan.id);
  const open = tasks.filter(
    (task) => list(task, "dependents").length === 0 && !["passed", "integrated", "cancelled", "failed"].includes(text(task, "state")),
  );
  return open.length === plan.fields["openSinks"]
    ? []
    : [
        found("I11", `A plan counts ${String(plan.fields["openSinks"])} open last tasks and has ${String(open.length)}.`, {
          lookup,
          row: plan,
          others: open.map(nameOf),
        }),
      ];
}
