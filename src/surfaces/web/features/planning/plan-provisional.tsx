import type { PlanView } from "../../../../contract/plan-contract.ts";
import { countText } from "../../shell/words.ts";

/** Named before the rest is counted. */
const named = 5;

/** Which tasks are done by somebody who has shown nothing yet, said before the plan is approved. */
export function PlanProvisional({ view }: { readonly view: PlanView }) {
  const { provisional = [], document } = view;
  if (provisional.length === 0) return null;
  const titles = document.decomposition.filter(({ task }) => provisional.includes(task)).map(({ title }) => title);
  const more = titles.length - named;
  return (
    <p className="max-w-[75ch] text-sm">
      <span className="mr-2 rounded border border-line px-1.5 font-medium text-wait">Provisional</span>
      {countText(titles.length, "task")} of personas that have not passed a suite with what does them: {titles.slice(0, named).join(", ")}
      {more > 0 ? ` and ${more} more` : ""}. Somebody else judges every result, and nothing of consequence is done.
    </p>
  );
}
