import { type FormEvent, useState } from "react";
import type { PriceDocument, PricesDocument } from "../../../../contract/budget-contract.ts";
import { Button, TextField } from "../../shell/controls.tsx";
import { ActError, EmptyState } from "../../shell/states.tsx";
import { dayText, moneyText } from "../../shell/words.ts";
import { readMoney, useSetPrice } from "./budget-data.ts";

/** What models cost, from which day on and by whose word. A model without a price is not asked. */
export function PriceList({ prices }: { readonly prices: PricesDocument }) {
  const [adding, setAdding] = useState(false);
  return (
    <div className="flex flex-col gap-3">
      {prices.items.length === 0 ? (
        <EmptyState>
          No price is known yet. A model is asked only when its price is set, so that budgets can be held to; a model of your own may cost
          0.
        </EmptyState>
      ) : (
        <div className="overflow-x-auto">
          <table className="w-full text-left text-sm tabular-nums">
            <caption className="sr-only">Prices of models for a million tokens</caption>
            <thead className="text-xs text-ink-3">
              <tr className="border-b border-line">
                {["Model", "Input", "Output", "From", "Where it stands"].map((head) => (
                  <th key={head} scope="col" className="py-1.5 pr-4 font-medium">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {prices.items.map((price) => (
                <PriceRow key={price.id} price={price} currency={prices.currency} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {prices.maySet &&
        (adding ? (
          <PriceForm currency={prices.currency} onDone={() => setAdding(false)} />
        ) : (
          <Button className="self-start" onClick={() => setAdding(true)}>
            Set a price
          </Button>
        ))}
    </div>
  );
}

function PriceRow({ price, currency }: { readonly price: PriceDocument; readonly currency: string }) {
  const rate =
    price.currency === currency ? "" : `, 1 ${price.currency} = ${moneyText(price.rateMicro, currency)} on ${dayText(price.rateAtMs)}`;
  return (
    <tr className="border-b border-line align-top">
      <th scope="row" className="py-2 pr-4 font-medium break-words">
        {price.provider}/{price.model}
        {!price.inForce && <span className="font-normal text-ink-3"> not in force</span>}
      </th>
      <td className="py-2 pr-4">{moneyText(price.inputMicro, price.currency)}</td>
      <td className="py-2 pr-4">{moneyText(price.outputMicro, price.currency)}</td>
      <td className="py-2 pr-4 whitespace-nowrap">{dayText(price.fromMs)}</td>
      <td className="py-2 break-words">
        {price.source}
        <span className="text-ink-3">
          {" "}
          ({price.setBy.name}
          {rate})
        </span>
      </td>
    </tr>
  );
}

const fields = [
  ["provider", "Provider", "As it is called under Models."],
  ["model", "Model", "As its vendor calls it."],
  ["input", "Input, a million tokens", ""],
  ["output", "Output, a million tokens", ""],
  ["currency", "Currency", "The vendor's, such as USD."],
  ["rate", "What one unit of it is here", "Only for another currency."],
  ["source", "Where it stands", "An address or a contract."],
] as const;

type Field = (typeof fields)[number][0];

function PriceForm({ currency, onDone }: { readonly currency: string; readonly onDone: () => void }) {
  const [said, setSaid] = useState<{ readonly [field in Field]: string }>({
    provider: "",
    model: "",
    input: "",
    output: "",
    currency,
    rate: "",
    source: "",
  });
  const save = useSetPrice(onDone);
  const [inputMicro, outputMicro] = [readMoney(said.input), readMoney(said.output)];
  const isOwn = said.currency.trim().toUpperCase() === currency;
  const rateMicro = isOwn ? 1_000_000 : readMoney(said.rate);
  const isWhole =
    inputMicro !== null &&
    outputMicro !== null &&
    rateMicro !== null &&
    [said.provider, said.model, said.source].every((text) => text.trim() !== "");
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (inputMicro === null || outputMicro === null || rateMicro === null) return;
    const { provider, model, source } = said;
    save.mutate({ provider, model, source, currency: said.currency.trim().toUpperCase(), inputMicro, outputMicro, rateMicro });
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-3 rounded border border-line p-3">
      <div className="grid gap-3 sm:grid-cols-2">
        {fields
          .filter(([field]) => field !== "rate" || !isOwn)
          .map(([field, label, hint]) => (
            <TextField
              key={field}
              label={field === "rate" ? `${label}, in ${currency}` : label}
              {...(hint === "" ? {} : { hint })}
              required
              maxLength={200}
              value={said[field]}
              onChange={(event) => setSaid((before) => ({ ...before, [field]: event.target.value }))}
            />
          ))}
      </div>
      <div className="flex gap-2">
        <Button type="submit" tone="accent" disabled={save.isPending || !isWhole}>
          Set the price
        </Button>
        <Button tone="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
      <ActError error={save.error} />
    </form>
  );
}
