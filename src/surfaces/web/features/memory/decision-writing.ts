import type { DecisionBody, DecisionDetail } from "../../../../contract/decision-contract.ts";

/** An option as it is being written; points one per line. */
export interface OptionDraft {
  readonly id: string;
  readonly label: string;
  readonly pros: string;
  readonly cons: string;
}

export interface LinkDraft {
  readonly label: string;
  readonly address: string;
}

/** A decision as it is being written: what the form holds, all of it text. */
export interface DecisionDraft {
  readonly question: string;
  readonly topic: string;
  readonly request: string;
  readonly options: readonly OptionDraft[];
  /** Id of an option; empty: only proposed. */
  readonly choice: string;
  readonly rationale: string;
  /** In percent; empty: not stated. */
  readonly confidence: string;
  readonly wrongIf: string;
  readonly links: readonly LinkDraft[];
  /** Days as `2031-06-30`. */
  readonly validFrom: string;
  readonly review: string;
}

export const maxOptions = 20;
export const maxLinks = 50;

/** The next free id, so that taking one away never renames another. */
export const emptyOption = (options: readonly OptionDraft[]): OptionDraft => {
  const last = Math.max(0, ...options.map(({ id }) => Number(/^option-(\d+)$/u.exec(id)?.[1] ?? "0")));
  return { id: `option-${last + 1}`, label: "", pros: "", cons: "" };
};

export const emptyDraft: DecisionDraft = {
  question: "",
  topic: "",
  request: "",
  options: [
    { id: "option-1", label: "", pros: "", cons: "" },
    { id: "option-2", label: "", pros: "", cons: "" },
  ],
  choice: "",
  rationale: "",
  confidence: "",
  wrongIf: "",
  links: [],
  validFrom: "",
  review: "",
};

/** What replaces a decision begins with its question and what was considered, and with nothing of what was chosen. */
export const draftAfter = (before: DecisionDetail): DecisionDraft => ({
  ...emptyDraft,
  question: before.question,
  topic: before.topic ?? "",
  request: before.requestLabel ?? "",
  options: before.options.map(({ id, label, pros, cons }) => ({ id, label, pros: pros.join("\n"), cons: cons.join("\n") })),
  links: before.links.flatMap((link) => (link.kind === "address" ? [{ label: link.label, address: link.address }] : [])),
});

/** The start of a day where the reader is. */
export const dayStartMs = (day: string): number | undefined => {
  const atMs = new Date(`${day}T00:00`).getTime();
  return Number.isNaN(atMs) ? undefined : atMs;
};

const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

const filled = <Name extends string>(name: Name, text: string): { readonly [key in Name]?: string } =>
  text.trim() === "" ? {} : ({ [name]: text.trim() } as { readonly [key in Name]: string }); // one field, named by the argument

const dated = <Name extends string>(name: Name, day: string): { readonly [key in Name]?: number } => {
  const atMs = day === "" ? undefined : dayStartMs(day);
  return atMs === undefined ? {} : ({ [name]: atMs } as { readonly [key in Name]: number }); // as above
};

/** What is sent; rows that were left empty are left out. */
export function bodyOf(draft: DecisionDraft, project: string, supersedes: Pick<DecisionDetail, "id" | "version"> | null): DecisionBody {
  const percent = Number(draft.confidence);
  return {
    question: draft.question.trim(),
    options: draft.options
      .filter(({ label }) => label.trim() !== "")
      .map(({ label, pros, cons }) => ({ label: label.trim(), pros: linesOf(pros), cons: linesOf(cons) })),
    links: draft.links
      .filter(({ address }) => address.trim() !== "")
      .map(({ label, address }) => ({ kind: "address", label: label.trim() || address.trim().slice(0, 200), address: address.trim() })),
    ...filled("topic", draft.topic),
    ...filled("request", draft.request),
    ...filled("choice", draft.options.find(({ id }) => id === draft.choice)?.label ?? ""),
    ...filled("rationale", draft.rationale),
    ...(draft.confidence === "" ? {} : { confidence: { probability: percent / 100, wouldProveWrong: draft.wrongIf.trim() } }),
    ...dated("validFromMs", draft.validFrom),
    ...dated("reviewAtMs", draft.review),
    ...(project === "" || draft.request.trim() !== "" ? {} : { project }),
    ...(supersedes === null ? {} : { supersedes: { id: supersedes.id, version: supersedes.version } }),
  };
}

/** What is missing before it can be sent; null: nothing. The server looks at everything again. */
export function missingIn(draft: DecisionDraft): string | null {
  if (draft.question.trim() === "") return "Write the question that is decided.";
  if (draft.options.every(({ label }) => label.trim() === "")) return "Name at least one option.";
  if (draft.choice !== "" && draft.rationale.trim() === "") return "Say why; a decision without its reason teaches nobody.";
  if (draft.confidence !== "" && draft.wrongIf.trim() === "")
    return "Say what would prove it wrong; a probability alone cannot be checked.";
  return null;
}
