import { queryOptions } from "@tanstack/react-query";
import type { BeliefsDocument, FactDetail, FactPage, FactPeriodDocument } from "../../../../contract/fact-contract.ts";
import { call, query } from "../../api.ts";
import { dayText } from "../../shell/words.ts";

/** What is asked: words or `request:WORK-3`, and two instants as the address has them; empty: now. */
export interface AskedBeliefs {
  readonly about: string;
  readonly at: string;
  readonly valid: string;
  readonly project: string;
}

/** A kind with a label or id is a row; everything else is words. */
const subjectOf = (about: string): { readonly [name: string]: string } => {
  const [, kind, ref] = /^([a-z][a-z_-]*):(\S+)$/u.exec(about.trim()) ?? [];
  return kind === undefined || ref === undefined ? { q: about.trim() } : { kind, ref };
};

export const beliefsQuery = ({ about, at, valid, project }: AskedBeliefs) =>
  queryOptions({
    queryKey: ["beliefs", about, at, valid, project],
    queryFn: () => call<BeliefsDocument>("GET", `/api/beliefs${query({ ...subjectOf(about), recorded: at, valid, project })}`),
    enabled: about.trim().length >= 2,
  });

export const factsQuery = (words: string, project: string) =>
  queryOptions({
    queryKey: ["facts", words, project],
    queryFn: () => call<FactPage>("GET", `/api/facts${query({ q: words, project, limit: "200" })}`),
  });

export const factQuery = (id: string) =>
  queryOptions({ queryKey: ["fact", id], queryFn: () => call<FactDetail>("GET", `/api/facts/${encodeURIComponent(id)}`) });

/** A value as people say it. */
export const valueText = (value: FactPeriodDocument["value"]): string =>
  value === null ? "not known" : typeof value === "boolean" ? (value ? "yes" : "no") : String(value);

/** `yes`, `12.5`, `unknown`, or a text, as the form takes it; the command line reads the same. */
export function valueIn(text: string): FactPeriodDocument["value"] {
  const said = text.trim();
  const named: { readonly [word: string]: boolean | undefined } = { yes: true, no: false };
  if (said.toLowerCase() === "unknown") return null;
  return named[said.toLowerCase()] ?? (/^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?$/u.test(said) ? Number(said) : said);
}

export const rangeText = ({ fromMs, toMs }: Pick<FactPeriodDocument, "fromMs" | "toMs">): string =>
  toMs === null ? `since ${dayText(fromMs)}` : `${dayText(fromMs)} to ${dayText(toMs)}`;
