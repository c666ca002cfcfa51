import type { PlanView } from "../../../../contract/plan-contract.ts";
import { stateWord } from "../../marks/state-mark.tsx";
import type { Why, WhyReason } from "../../shell/why.ts";
import { countText, hoursText } from "../../shell/words.ts";

/** Problems that are listed; the page itself holds them all. */
const maxReasons = 6;

/** Where a plan came from, in words. */
export function originWords({ kind, name, edited, author }: PlanView["plan"]["origin"]): string {
  const by = author === null ? "" : ` by ${author.name}`;
  if (kind === "person") return `written${by}`;
  return `${kind} ${name}${edited ? `, edited${by}` : ""}`;
}

/** Why a plan is as it is: who made it, what core says to it, who may decide it. */
export function planWhy(view: PlanView): Why {
  const { plan, problems } = view;
  return {
    of: `plan ${plan.number}, ${plan.title}`,
    state: `It is ${stateWord(plan.state)}${plan.origin.kind !== "person" && plan.origin.edited ? " and was edited by hand" : ""}.`,
    because: [
      {
        kind: "rule",
        text: plan.origin.kind === "person" ? `It was ${originWords(plan.origin)}.` : `Made from ${originWords(plan.origin)}.`,
        id: plan.origin.kind === "playbook" ? plan.origin.name : "plan.written",
        atMs: plan.proposedAtMs,
      },
      { kind: "rule", text: "A plan starts only after a person with the authority approved it.", id: "plan.approval-required" },
      ...problems.slice(0, maxReasons).map((problem): WhyReason => ({ kind: "rule", text: problem.message, id: problem.code })),
    ],
    data: [
      ["Tasks", countText(plan.taskCount, "task")],
      [
        "Forecast P50 / P90",
        plan.forecast === null ? "none" : `${hoursText(plan.forecast.p50Hours)} / ${hoursText(plan.forecast.p90Hours)}`,
      ],
      ["Hash", plan.documentSha256.slice(0, 16)],
    ],
    change: [
      plan.state === "proposed"
        ? view.mayDecide
          ? "Your decision, or an edit of it."
          : (view.whyNot ?? "Somebody else's decision.")
        : "A patch, or another version.",
    ],
  };
}
