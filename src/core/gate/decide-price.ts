import { isActive } from "../oversight/authority.ts";
import type { Person } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, beginStep, refuse } from "../shared/transition.ts";
import { mayRaise } from "./budget-limit.ts";
import { maxPrices, type Price, priceKind } from "./price-table.ts";

/** States what a model costs from an instant on. */
export interface SetPrice extends Pick<
  Price,
  "provider" | "model" | "fromMs" | "currency" | "inputMicro" | "outputMicro" | "cachedMicro" | "callMicro" | "rateMicro" | "source"
> {
  readonly kind: "set-price";
}

export interface PriceSlice {
  readonly person: Person | undefined;
  /** The organization's currency. */
  readonly currency: string;
  /** The price from the same instant on, locked. */
  readonly same: Price | undefined;
  readonly count: number;
}

const maxNameChars = 200;

/** What was said for the same instant before is corrected, and stays in the history; what was booked by it stays as it is. */
export function decidePrice({ person, currency, same, count }: PriceSlice, command: SetPrice, context: DecideContext): Decided {
  if (!isActive(person) || !mayRaise.some((role) => person.roles.includes(role)))
    return refuse("forbidden", "price.wrong-role", `Prices are set by a member with one of the roles ${mayRaise.join(", ")}.`);
  const problem = priceProblem(command, currency);
  if (problem !== null) return problem;
  if (same === undefined && count >= maxPrices)
    return refuse("exhausted", "price.too-many", `${String(maxPrices)} prices are known; correct one of them instead.`);
  const { draft } = beginStep(context);
  const { kind: _kind, ...said } = command;
  const fields = { ...said, rateAtMs: context.nowMs, setBy: context.actor.id, setAtMs: context.nowMs };
  const price = same === undefined ? draft.create(priceKind, { id: context.newId(), ...fields }) : draft.change(priceKind, same, fields);
  const { provider, model, fromMs, inputMicro, outputMicro, source } = command;
  draft.record(priceKind, price, "price.set", { provider, model, fromMs, inputMicro, outputMicro, currency: command.currency, source });
  return draft.accept({ id: price.id });
}

function priceProblem(command: SetPrice, currency: string): Refusal | null {
  const { provider, model, source, inputMicro, outputMicro, cachedMicro, callMicro, fromMs } = command;
  const names = [provider, model].every((name) => name.trim() !== "" && name.length <= maxNameChars);
  if (!names || source.trim() === "" || source.length > 2_000)
    return refuse("invalid", "price.bad-name", "Name the provider, the model and where the price stands, each in a line.");
  if (!/^[A-Z]{3}$/u.test(command.currency))
    return refuse("invalid", "price.bad-currency", "A currency is three capital letters, such as USD.");
  const amounts = [inputMicro, outputMicro, cachedMicro ?? 0, callMicro, fromMs];
  if (!amounts.every((amount) => Number.isSafeInteger(amount) && amount >= 0))
    return refuse("invalid", "price.bad-amount", "A price is a whole number of millionths of 0 or more for a million tokens.");
  return rateProblem(command, currency);
}

function rateProblem({ currency: said, rateMicro }: SetPrice, currency: string): Refusal | null {
  if (said === currency)
    return rateMicro === 1_000_000
      ? null
      : refuse("invalid", "price.bad-rate", `The price is in ${currency} as everything here, so its rate is 1.`);
  return Number.isSafeInteger(rateMicro) && rateMicro > 0
    ? null
    : refuse("invalid", "price.bad-rate", `Say what one ${said} is in ${currency}.`);
}
