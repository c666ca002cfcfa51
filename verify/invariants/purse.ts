import { found, type Lookup, nameOf, text } from "../lookup.ts";
import type { Fields, Finding, Json, StateRow } from "../world.ts";

const measures = ["costMicro", "tokens", "runs", "wallMs"] as const;

type Amounts = { readonly [measure in (typeof measures)[number]]: number };

const none: Amounts = { costMicro: 0, tokens: 0, runs: 0, wallMs: 0 };

const fieldsOf = (value: Json | undefined): Fields =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Fields) : {};

/** Amounts as a row states them; what is missing is nothing. */
const amountsOf = (value: Json | undefined): Amounts => {
  const said = fieldsOf(value);
  const of = (measure: string): number => (typeof said[measure] === "number" ? said[measure] : 0);
  return { costMicro: of("costMicro"), tokens: of("tokens"), runs: of("runs"), wallMs: of("wallMs") };
};

const sumOf = (amounts: readonly Amounts[]): Amounts =>
  amounts.reduce(
    (sum, one) => ({
      costMicro: sum.costMicro + one.costMicro,
      tokens: sum.tokens + one.tokens,
      runs: sum.runs + one.runs,
      wallMs: sum.wallMs + one.wallMs,
    }),
    none,
  );

const isSame = (left: Amounts, right: Amounts): boolean => measures.every((measure) => left[measure] === right[measure]);

/** Its lines, each with the budget and the window that it was taken from. */
const linesOf = (row: StateRow): readonly Fields[] => {
  const { lines } = row.fields;
  return Array.isArray(lines) ? lines.map((line) => fieldsOf(line as Json)) : [];
};

/** I4: no budget is over its cap but by what calls took beyond their reservation, and every count is the sum of its reservations. */
export function checkPurse(lookup: Lookup): readonly Finding[] {
  const reservations = lookup.world.rows.filter(({ kind }) => kind === "reservation");
  const budgets = lookup.world.rows.filter(({ kind }) => kind === "budget");
  return [
    ...budgets.flatMap((row) => [...checkCap(lookup, row), ...checkCount(lookup, row, reservations)]),
    ...reservations.flatMap((row) => [...checkEnd(lookup, row), ...checkLines(lookup, row)]),
  ];
}

function checkCap(lookup: Lookup, row: StateRow): readonly Finding[] {
  const caps = fieldsOf(row.fields["highCaps"]);
  const [booked, reserved, overrun] = ["booked", "reserved", "overrun"].map((field) => amountsOf(row.fields[field]));
  if (booked === undefined || reserved === undefined || overrun === undefined) return [];
  return measures.flatMap((measure) => {
    const cap = caps[measure];
    const taken = booked[measure] + reserved[measure] - overrun[measure];
    return typeof cap === "number" && taken > cap
      ? [found("I4", `A budget took ${String(taken)} of ${measure} under a cap of ${String(cap)}.`, { lookup, row })]
      : [];
  });
}

/** The count is made again from the reservations, of the window that the row stands at. What left a sliding window cannot be told from here. */
function checkCount(lookup: Lookup, row: StateRow, reservations: readonly StateRow[]): readonly Finding[] {
  const isDay = text(row, "period") === "day";
  const mine = reservations.filter(
    (one) =>
      one.organizationId === row.organizationId &&
      linesOf(one).some((line) => line["budgetId"] === row.id && (!isDay || line["windowStartMs"] === row.fields["windowStartMs"])),
  );
  const open = sumOf(mine.filter((one) => text(one, "state") === "open").map((one) => amountsOf(one.fields["reserved"])));
  const used = sumOf(mine.filter((one) => text(one, "state") === "settled").map((one) => amountsOf(one.fields["used"])));
  const findings: Finding[] = [];
  if (!isSame(open, amountsOf(row.fields["reserved"])))
    findings.push(
      found("I4", "A budget has something else reserved than its open reservations say.", { lookup, row, others: mine.map(nameOf) }),
    );
  if (text(row, "period") !== "window" && !isSame(used, amountsOf(row.fields["booked"])))
    findings.push(
      found("I4", "A budget has something else booked than its settled reservations say.", { lookup, row, others: mine.map(nameOf) }),
    );
  return findings;
}

/** Settled with what it used, or open with a time after which it is. */
function checkEnd(lookup: Lookup, row: StateRow): readonly Finding[] {
  const problem = text(row, "state") === "open" ? openProblem(row.fields) : settledProblem(row.fields);
  return problem === null ? [] : [found("I4", problem, { lookup, row })];
}

const openProblem = ({ used = null, basis = null, expiresAtMs }: Fields): string | null =>
  used === null && basis === null && typeof expiresAtMs === "number" && expiresAtMs > 0
    ? null
    : "An open reservation has no time after which it is booked, or is booked already.";

function settledProblem({ used = null, basis, reserved }: Fields): string | null {
  if (used === null || typeof basis !== "string") return "A settled reservation does not say what was used.";
  const isWhole = basis === "told" || isSame(amountsOf(used), amountsOf(reserved));
  return isWhole ? null : "Use that nobody knows was not booked at all that was reserved.";
}

/** Whatever is spent counts for the organization's day, and for its request where it has one. */
function checkLines(lookup: Lookup, row: StateRow): readonly Finding[] {
  const budgets = linesOf(row).flatMap((line) => {
    const id = line["budgetId"];
    return typeof id === "string" ? (lookup.row(row.organizationId, "budget", id) ?? []) : [];
  });
  const has = (scope: string, id: string): boolean => budgets.some((one) => text(one, "scope") === scope && text(one, "scopeId") === id);
  const requestId = text(row, "requestId");
  return has("organization", "") && (requestId === "" || has("request", requestId))
    ? []
    : [found("I4", "A reservation was not taken from every budget that always covers it.", { lookup, row })];
}
