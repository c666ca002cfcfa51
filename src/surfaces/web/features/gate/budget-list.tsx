import { useState } from "react";
import { twMerge } from "tailwind-merge";
import type { BudgetDocument, BudgetsDocument } from "../../../../contract/budget-contract.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button, TextField } from "../../shell/controls.tsx";
import { ActError } from "../../shell/states.tsx";
import { countText, instantText, moneyText } from "../../shell/words.ts";
import { capitalized, levelOf, periodText, shownMeasures, useWithdrawBudget } from "./budget-data.ts";
import { BudgetForm } from "./budget-form.tsx";
import { SpendBar } from "./spend-bar.tsx";

/** Every budget with its bar, the organization's first. Whoever may raises a cap where it stands. */
export function BudgetList({ budgets }: { readonly budgets: BudgetsDocument }) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <ul className="flex flex-col border-t border-line">
      {budgets.items.map((budget) => {
        const key = `${budget.scope}/${budget.scopeId}/${budget.period}`;
        return (
          <li key={key} className="flex flex-col gap-2 border-b border-line py-3">
            <BudgetRow budget={budget} budgets={budgets} isOpen={open === key} onOpen={(isOpen) => setOpen(isOpen ? key : null)} />
          </li>
        );
      })}
    </ul>
  );
}

interface RowProps {
  readonly budget: BudgetDocument;
  readonly budgets: BudgetsDocument;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}

function BudgetRow({ budget, budgets, isOpen, onOpen }: RowProps) {
  const { word, look } = levelOf(budget);
  const isEach = budget.scope === "request" && budget.scopeId === "";
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h3 className="min-w-0 text-base font-medium break-words">
          {capitalized(budget.label)} <span className="font-normal text-ink-3">{periodText(budget)}</span>
        </h3>
        <div className="flex items-baseline gap-3">
          {!isEach && <span className={twMerge("text-sm", look)}>{word}</span>}
          {budgets.mayRaise && (
            <Button aria-expanded={isOpen} aria-label={`Change the budget of ${budget.label}`} onClick={() => onOpen(!isOpen)}>
              Change
            </Button>
          )}
        </div>
      </div>
      {isEach ? (
        <p className="text-sm tabular-nums">
          {budget.caps.costMicro === null ? (
            "No limit on money"
          ) : (
            <strong className="font-semibold">{moneyText(budget.caps.costMicro, budgets.currency)}</strong>
          )}
          <span className="text-ink-2"> unless a request has a budget of its own; what it was filed with can only be less.</span>
        </p>
      ) : (
        shownMeasures(budget).map((measure) => <SpendBar key={measure} budget={budget} measure={measure} currency={budgets.currency} />)
      )}
      <Notes budget={budget} currency={budgets.currency} />
      {isOpen && (
        <>
          <BudgetForm budget={budget} currency={budgets.currency} onDone={() => onOpen(false)} />
          <Withdraw budget={budget} onDone={() => onOpen(false)} />
        </>
      )}
    </>
  );
}

function Notes({ budget, currency }: { readonly budget: BudgetDocument; readonly currency: string }) {
  const { forecast, turnsAtMs, waiting, setBy } = budget;
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs text-ink-3">
      {waiting > 0 && (
        <strong className="font-semibold text-wait">{waiting === 1 ? "1 attempt waits" : `${String(waiting)} attempts wait`} for it</strong>
      )}
      {forecast !== null && (
        <span title="By the rate of the days it was spent on lately; n is how many days">
          {forecast.exhaustedAtMs === null ? "Lasts" : `Used up ${instantText(forecast.exhaustedAtMs)}`} at{" "}
          {moneyText(forecast.perDayMicro, currency)} a day (n = {countText(forecast.days, "day")})
        </span>
      )}
      {turnsAtMs !== null && <span>Turns {instantText(turnsAtMs)}</span>}
      {setBy === null ? (
        <span>{budget.follows ? "As said for each request" : "As every organization begins; nobody has set it yet"}</span>
      ) : (
        <span>
          Set by {setBy.name} <Ago atMs={budget.setAtMs} />: {budget.reason}
        </span>
      )}
    </p>
  );
}

/** Only what a person added can be taken away; the organization's day and the requests always have a budget. */
function Withdraw({ budget, onDone }: { readonly budget: BudgetDocument; readonly onDone: () => void }) {
  const [reason, setReason] = useState("");
  const withdraw = useWithdrawBudget(onDone);
  const isAlways = budget.scope === "request" || (budget.scope === "organization" && budget.period === "day");
  const { id } = budget;
  if (isAlways || id === null) return null;
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        withdraw.mutate({ id, reason });
      }}
    >
      <TextField label="Why it is no longer needed" maxLength={2_000} value={reason} onChange={(event) => setReason(event.target.value)} />
      <Button type="submit" tone="danger" disabled={withdraw.isPending || reason.trim() === ""}>
        Take the limit away
      </Button>
      <ActError error={withdraw.error} />
    </form>
  );
}
