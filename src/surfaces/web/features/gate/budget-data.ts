/** What the pages about money read and send, and how budgets are put in words. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type {
  BudgetBody,
  BudgetDocument,
  BudgetsDocument,
  CapsDocument,
  PriceBody,
  PricesDocument,
  RequestSpendDocument,
} from "../../../../contract/budget-contract.ts";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import { call } from "../../api.ts";
import { countText, durationText, moneyText } from "../../shell/words.ts";

/** What is spent elsewhere shows within this time. */
const lookAgainMs = 15_000;

export const budgetsQuery = queryOptions({
  queryKey: ["budgets"],
  queryFn: () => call<BudgetsDocument>("GET", "/api/budgets"),
  refetchInterval: lookAgainMs,
});

export const pricesQuery = queryOptions({ queryKey: ["prices"], queryFn: () => call<PricesDocument>("GET", "/api/prices") });

export const requestSpendQuery = (reference: string) =>
  queryOptions({
    queryKey: ["request", reference, "spend"],
    queryFn: () => call<RequestSpendDocument>("GET", `/api/requests/${encodeURIComponent(reference)}/spend`),
  });

/** Sends one act about money and reads all of it again. */
function useMoneyAct<Body>(send: (body: Body) => Promise<CommandAnswer>, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: async () => {
      onDone();
      await Promise.all(
        [budgetsQuery.queryKey, pricesQuery.queryKey, ["request"]].map((queryKey) => client.invalidateQueries({ queryKey })),
      );
    },
  });
}

export const useSetBudget = (onDone: () => void) =>
  useMoneyAct((body: BudgetBody) => call<CommandAnswer>("POST", "/api/budgets", body), onDone);
export const useSetPrice = (onDone: () => void) =>
  useMoneyAct((body: PriceBody) => call<CommandAnswer>("POST", "/api/prices", body), onDone);
export const useWithdrawBudget = (onDone: () => void) =>
  useMoneyAct(
    ({ id, reason }: { readonly id: string; readonly reason: string }) =>
      call<CommandAnswer>("POST", `/api/budgets/${id}/withdraw`, { reason }),
    onDone,
  );

export type Measure = keyof CapsDocument;

export const measures: readonly Measure[] = ["costMicro", "tokens", "runs", "wallMs"];

export const measureWords: { readonly [measure in Measure]: string } = {
  costMicro: "Money",
  tokens: "Tokens",
  runs: "Runs",
  wallMs: "Time of calls",
};

export function amountOf(measure: Measure, amount: number, currency: string): string {
  if (measure === "costMicro") return moneyText(amount, currency);
  if (measure === "tokens") return `${amount.toLocaleString()} ${amount === 1 ? "token" : "tokens"}`;
  return measure === "runs" ? countText(amount, "run") : durationText(amount);
}

/** The measures that a budget limits; one without a limit is told by its money. */
export function shownMeasures({ caps }: BudgetDocument): readonly Measure[] {
  const limited = measures.filter((measure) => caps[measure] !== null);
  return limited.length === 0 ? ["costMicro"] : limited;
}

export function periodText({ period, windowMs, scope }: Pick<BudgetDocument, "period" | "windowMs" | "scope">): string {
  if (period === "day") return "a day";
  if (period === "window") return `in any ${durationText(windowMs ?? 0)}`;
  return scope === "request" || scope === "task" ? "in all" : "ever";
}

const levels: { readonly [level in BudgetDocument["level"]]: { readonly word: string; readonly look: string } } = {
  open: { word: "within its cap", look: "text-ink-3" },
  warned: { word: "near its end", look: "text-wait" },
  holding: { word: "holds what is new", look: "text-wait" },
  stopped: { word: "used up", look: "text-bad" },
  unlimited: { word: "no limit", look: "text-ink-3" },
};

export const levelOf = ({ level }: Pick<BudgetDocument, "level">) => levels[level];

/** A label at the beginning of a line. */
export const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** An amount of money as people type it, in millionths; null: it is none. */
export function readMoney(text: string): number | null {
  if (!/^\d{1,9}(?:\.\d{1,6})?$/u.test(text.trim())) return null;
  return Math.round(Number(text.trim()) * 1_000_000);
}

/** A cap of a measure as people type it: money, counts, minutes. Empty: no limit (null). Undefined: it is no number. */
export function readCap(measure: Measure, text: string): number | null | undefined {
  if (text.trim() === "") return null;
  if (measure === "costMicro") return readMoney(text) ?? undefined;
  if (!/^\d{1,12}$/u.test(text.trim())) return undefined;
  return Number(text.trim()) * (measure === "wallMs" ? 60_000 : 1);
}

/** The same the other way round. */
export function capInput(measure: Measure, cap: number | null): string {
  if (cap === null) return "";
  return String(measure === "costMicro" ? cap / 1_000_000 : measure === "wallMs" ? Math.ceil(cap / 60_000) : cap);
}
