import { z } from "zod";
import { countField, idField, instantField, lineField, listOf, microField, performerDocument } from "./fields.ts";

export const budgetScopeField = z.enum(["organization", "project", "request", "task", "persona", "provider", "model"]);
export const budgetPeriodField = z.enum(["total", "day", "window"]);

const amountsDocument = z.object({ costMicro: microField, tokens: countField, runs: countField, wallMs: countField });
const capsDocument = z.object({
  costMicro: microField.nullable(),
  tokens: countField.nullable(),
  runs: countField.nullable(),
  wallMs: countField.nullable(),
});
export type CapsDocument = z.infer<typeof capsDocument>;

const partField = z.number().gt(0).max(1);
const thresholdsDocument = z.object({ warnAt: partField, holdAt: partField.nullable() });

export const budgetDocument = z.object({
  id: idField.nullable(),
  scope: budgetScopeField,
  scopeId: z.string().max(200),
  label: lineField,
  period: budgetPeriodField,
  windowMs: countField.nullable(),
  caps: capsDocument,
  follows: z.boolean(),
  thresholds: thresholdsDocument,
  booked: amountsDocument,
  reserved: amountsDocument,
  overrun: amountsDocument,
  level: z.enum(["open", "warned", "holding", "stopped", "unlimited"]),
  turnsAtMs: instantField.nullable(),
  forecast: z.object({ exhaustedAtMs: instantField.nullable(), perDayMicro: microField, days: countField }).nullable(),
  waiting: countField,
  setBy: performerDocument.nullable(),
  setAtMs: instantField,
  reason: z.string().max(2_000),
});
export type BudgetDocument = z.infer<typeof budgetDocument>;

export const budgetsDocument = z.object({
  schema: z.literal("xvc.budgets/1"),
  currency: z.string().max(10),
  mayRaise: z.boolean(),
  items: listOf(budgetDocument, 1_000),
});
export type BudgetsDocument = z.infer<typeof budgetsDocument>;

/** `POST /api/budgets`. A project may be named by its key, a request and a task by their labels. Caps that are left out are no limit. */
export const budgetBody = z.strictObject({
  scope: budgetScopeField,
  scopeId: z.string().trim().max(200).default(""),
  period: budgetPeriodField,
  windowMs: countField.nullable().default(null),
  caps: z
    .strictObject({
      costMicro: microField.nullable().default(null),
      tokens: countField.nullable().default(null),
      runs: countField.nullable().default(null),
      wallMs: countField.nullable().default(null),
    })
    .nullable(),
  thresholds: z.strictObject({ warnAt: partField, holdAt: partField.nullable() }).nullable().default(null),
  reason: z.string().trim().min(1, "is empty").max(2_000),
});
export type BudgetBody = z.input<typeof budgetBody>;

export const budgetWithdrawBody = z.strictObject({ reason: z.string().trim().min(1, "is empty").max(2_000) });

export const requestSpendDocument = z.object({
  schema: z.literal("xvc.spend/1"),
  currency: z.string().max(10),
  costMicro: microField,
  calls: countField,
  isCut: z.boolean(),
  budget: budgetDocument,
  parts: listOf(
    z.object({
      kind: z.enum(["model", "tool"]),
      persona: z.string().max(200).nullable(),
      provider: z.string().max(200),
      model: z.string().max(200).nullable(),
      calls: countField,
      costMicro: microField,
      tokens: countField,
      unknown: countField,
      open: countField,
    }),
    200,
  ),
  people: listOf(z.object({ person: performerDocument, reports: countField, reportedMs: countField }), 200),
});
export type RequestSpendDocument = z.infer<typeof requestSpendDocument>;

const currencyField = z.string().regex(/^[A-Z]{3}$/u, "is three capital letters, such as USD");

export const priceDocument = z.object({
  id: idField,
  provider: z.string().max(200),
  model: z.string().max(200),
  fromMs: instantField,
  currency: z.string().max(10),
  inputMicro: microField,
  outputMicro: microField,
  cachedMicro: microField.nullable(),
  callMicro: microField,
  rateMicro: microField,
  rateAtMs: instantField,
  source: z.string().max(2_000),
  inForce: z.boolean(),
  setBy: performerDocument,
  setAtMs: instantField,
});
export type PriceDocument = z.infer<typeof priceDocument>;

export const pricesDocument = z.object({
  schema: z.literal("xvc.prices/1"),
  currency: z.string().max(10),
  maySet: z.boolean(),
  items: listOf(priceDocument, 1_000),
});
export type PricesDocument = z.infer<typeof pricesDocument>;

/** `POST /api/prices`. Amounts are millionths of the price's currency for a million tokens; `fromMs` left out: from now on. */
export const priceBody = z.strictObject({
  provider: z.string().trim().min(1, "is empty").max(200),
  model: z.string().trim().min(1, "is empty").max(200),
  fromMs: instantField.optional(),
  currency: currencyField,
  inputMicro: microField,
  outputMicro: microField,
  cachedMicro: microField.nullable().default(null),
  callMicro: microField.default(0),
  rateMicro: microField.default(1_000_000),
  source: z.string().trim().min(1, "is empty").max(2_000),
});
export type PriceBody = z.input<typeof priceBody>;
