import type { PlanProblem } from "../../../../core/planning/check-plan.ts";
import { countText } from "../../shell/words.ts";

/** Beyond this the rest is counted. */
const maxShown = 12;

/** What is wrong or odd about a plan, errors first. */
export function ProblemList({ problems }: { readonly problems: readonly PlanProblem[] }) {
  if (problems.length === 0) return null;
  const sorted = problems.toSorted((left, right) => left.severity.localeCompare(right.severity));
  const errors = problems.filter((problem) => problem.severity === "error").length;
  return (
    <section aria-label="Problems of the plan" className="flex flex-col gap-1 rounded border border-line bg-paper p-2.5 text-sm">
      <h2 className="eyebrow">
        {errors === 0
          ? countText(problems.length, "remark")
          : `${countText(errors, "problem")}, ${countText(problems.length - errors, "remark")}`}
      </h2>
      <ul className="flex flex-col gap-1">
        {sorted.slice(0, maxShown).map((problem) => (
          <li key={`${problem.code} ${problem.task ?? ""} ${problem.message}`} className="flex gap-2">
            <span className={problem.severity === "error" ? "font-medium text-bad" : "font-medium text-wait"}>{problem.severity}</span>
            <span className="min-w-0">
              {problem.task !== null && <code className="id">{problem.task} </code>}
              {problem.message}
            </span>
          </li>
        ))}
      </ul>
      {sorted.length > maxShown && <p className="text-ink-3">and {sorted.length - maxShown} more</p>}
    </section>
  );
}
