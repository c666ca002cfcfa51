import type { Measure } from "./budget.ts";

/** An amount of a measure for people: money with its currency, tokens, calls, or time. */
export function amountText(measure: Measure, amount: number, currency: string): string {
  if (measure === "costMicro") return `${moneyText(amount)} ${currency}`;
  if (measure === "tokens") return `${String(amount)} tokens`;
  if (measure === "runs") return `${String(amount)} runs`;
  return `${String(Math.round(amount / 1_000))} s`;
}

/** Millionths as a decimal number with two digits at least and as many as it needs. */
function moneyText(micro: number): string {
  const whole = Math.trunc(micro / 1_000_000);
  const rest = String(Math.abs(micro % 1_000_000))
    .padStart(6, "0")
    .replace(/0{1,4}$/u, "");
  return `${String(whole)}.${rest}`;
}
