import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { twMerge } from "tailwind-merge";
import type { RequestSpendDocument } from "../../../../contract/budget-contract.ts";
import { Button } from "../../shell/controls.tsx";
import { useMoment } from "../../shell/moment-context.ts";
import { countText, durationText, moneyText, plainWords } from "../../shell/words.ts";
import { levelOf, requestSpendQuery, shownMeasures } from "./budget-data.ts";
import { SpendBar } from "./spend-bar.tsx";

/** What a request has cost of its budget, in a strip; opened, by whom and with what. Nothing while nothing was spent and nobody reported time. */
export function RequestSpend({ reference }: { readonly reference: string }) {
  // What is left of a budget is told for now only.
  return useMoment() === null ? <SpendNow reference={reference} /> : null;
}

function SpendNow({ reference }: { readonly reference: string }) {
  const spend = useQuery(requestSpendQuery(reference));
  const [open, setOpen] = useState(false);
  if (spend.data === undefined || (spend.data.calls === 0 && spend.data.people.length === 0)) return null;
  const { budget, currency } = spend.data;
  const { word, look } = levelOf(budget);
  return (
    <section aria-label="Budget" className="flex max-w-xl flex-col gap-2">
      {spend.data.calls > 0 &&
        shownMeasures(budget).map((measure) => <SpendBar key={measure} budget={budget} measure={measure} currency={currency} />)}
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        {spend.data.calls > 0 && <span className={twMerge("text-ink-3", look)}>{word}</span>}
        {budget.waiting > 0 && <strong className="font-semibold text-wait">{countText(budget.waiting, "attempt")} waiting for it</strong>}
        <Button tone="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Hide the parts" : "Show the parts"}
        </Button>
      </p>
      {open && <Parts spend={spend.data} />}
    </section>
  );
}

function Parts({ spend }: { readonly spend: RequestSpendDocument }) {
  return (
    <ul className="flex flex-col border-t border-line text-sm tabular-nums">
      {spend.parts.map((part) => (
        <li
          key={`${part.persona ?? ""}/${part.provider}/${part.model ?? ""}`}
          className="flex justify-between gap-4 border-b border-line py-1.5"
        >
          <span className="min-w-0 break-words">
            {part.persona === null ? "" : `${plainWords(part.persona)} · `}
            {part.provider}
            {part.model === null ? "" : `/${part.model}`}
            <span className="text-ink-3">
              {" "}
              {countText(part.calls, "call")}, {countText(part.tokens, "token")}
              {part.unknown > 0 && `, ${String(part.unknown)} of unknown use booked whole`}
              {part.open > 0 && `, ${String(part.open)} on the way`}
            </span>
          </span>
          <span className="shrink-0">{moneyText(part.costMicro, spend.currency)}</span>
        </li>
      ))}
      {spend.people.map((part) => (
        <li key={part.person.id} className="flex justify-between gap-4 border-b border-line py-1.5">
          <span>
            {part.person.name} <span className="text-ink-3">{countText(part.reports, "report")} of time</span>
          </span>
          <span className="shrink-0">{durationText(part.reportedMs)}</span>
        </li>
      ))}
      {spend.isCut && <li className="py-1.5 text-ink-3">Only the first {spend.calls} calls are counted here.</li>}
    </ul>
  );
}
