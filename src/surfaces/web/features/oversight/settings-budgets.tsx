import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../shell/controls.tsx";
import { useMoment } from "../../shell/moment-context.ts";
import { Section } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { budgetsQuery, pricesQuery } from "../gate/budget-data.ts";
import { BudgetForm } from "../gate/budget-form.tsx";
import { BudgetList } from "../gate/budget-list.tsx";
import { PriceList } from "../gate/price-list.tsx";

/** Limits on money, tokens, calls and time: what is spent, reserved and left, and what models cost. */
export function Panel() {
  if (useMoment() !== null) return <EmptyState>What is left of a budget is told for now only. Go back to now to see it.</EmptyState>;
  return <Now />;
}

function Now() {
  const budgets = useQuery(budgetsQuery);
  const prices = useQuery(pricesQuery);
  const [adding, setAdding] = useState(false);
  return (
    <>
      <p className="max-w-[75ch] text-sm text-ink-2">
        Before each call of a model or a paid tool, the most it can cost is taken out of every budget that covers it. What does not fit
        waits, with its reason in the inbox, and goes on when a cap is raised or the day turns. What people and rules do costs nothing here.
      </p>
      <Loaded query={budgets} rows={4}>
        {(known) => (
          <Section title="What may be spent" aside={`Amounts in ${known.currency}`} bare>
            <BudgetList budgets={known} />
            {known.mayRaise ? (
              adding ? (
                <div className="pt-3">
                  <BudgetForm budget={null} currency={known.currency} onDone={() => setAdding(false)} />
                </div>
              ) : (
                <Button className="mt-3 self-start" onClick={() => setAdding(true)}>
                  Add a budget
                </Button>
              )
            ) : (
              <p className="pt-3 text-sm text-ink-3">An administrator or director sets budgets.</p>
            )}
          </Section>
        )}
      </Loaded>
      <Loaded query={prices} rows={2}>
        {(known) => (
          <Section title="Prices of models" aside="for a million tokens" bare>
            <PriceList prices={known} />
          </Section>
        )}
      </Loaded>
    </>
  );
}
