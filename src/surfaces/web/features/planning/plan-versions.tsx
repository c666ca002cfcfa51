import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { PlanView } from "../../../../contract/plan-contract.ts";
import { StateMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Button } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { Loaded } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";
import { PlanDifferenceList } from "./plan-difference.tsx";
import { originWords } from "./plan-why.ts";
import { planVersionQuery, plansQuery } from "./plan-queries.ts";

/** Every version of the plan, and what the shown one changed against another. */
export function PlanVersions({ view, reference }: { readonly view: PlanView; readonly reference: string }) {
  const [against, setAgainst] = useState<number | null>(null);
  const query = useQuery(plansQuery(reference));
  return (
    <Section title="Versions">
      <Loaded query={query} rows={2}>
        {(list) => (
          <>
            <ol className="flex flex-col">
              {list.items.map((plan) => (
                <li key={plan.id} className="flex min-h-row flex-wrap items-center gap-x-4 border-b border-line py-1 text-sm last:border-0">
                  <span className="font-medium">Version {plan.number}</span>
                  <StateMark state={plan.state} />
                  <span className="text-ink-3">
                    {countText(plan.taskCount, "task")}, {originWords(plan.origin)}, <Ago atMs={plan.proposedAtMs} />
                  </span>
                  {plan.number === view.plan.number ? (
                    <span className="ml-auto text-ink-3">shown</span>
                  ) : (
                    <Button
                      tone="quiet"
                      className="ml-auto"
                      aria-pressed={against === plan.number}
                      onClick={() => setAgainst(against === plan.number ? null : plan.number)}
                    >
                      {against === plan.number ? "Hide the difference" : `Compare with version ${plan.number}`}
                    </Button>
                  )}
                </li>
              ))}
            </ol>
            {against !== null && <Compared view={view} reference={reference} against={against} />}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Compared({ view, reference, against }: { readonly view: PlanView; readonly reference: string; readonly against: number }) {
  const other = useQuery(planVersionQuery(reference, against));
  return (
    <Loaded query={other} rows={3}>
      {(found) => {
        const [before, after] = against < view.plan.number ? [found, view] : [view, found];
        return (
          <div className="flex flex-col gap-2 rounded border border-line bg-sheet p-3">
            <h3 className="eyebrow">
              From version {before.plan.number} to version {after.plan.number}
            </h3>
            <PlanDifferenceList before={before.document.decomposition} after={after.document.decomposition} />
          </div>
        );
      }}
    </Loaded>
  );
}
