import type { Decision, EvidenceLink } from "../oversight/decision.ts";

/** Upper bounds; what exceeds them is refused. */
export const decisionLimits = {
  questionLength: 500,
  topicLength: 80,
  textLength: 4_000,
  options: 20,
  optionIdLength: 40,
  labelLength: 200,
  /** Pros, or cons, of one option. */
  points: 20,
  pointLength: 500,
  links: 50,
  addressLength: 2_000,
} as const;

const dayMs = 86_400_000;
/** Dates further away than this are taken for mistakes. */
const maxDistanceMs = 100 * 366 * dayMs;

/** What a recorded decision says. */
export type DecisionDraft = Pick<Decision, "topic" | "question" | "options" | "choice" | "rationale" | "confidence" | "links">;

/** What is wrong with what a decision says; null: nothing. */
export const draftProblem = (draft: DecisionDraft): string | null =>
  textProblem(draft) ??
  optionsProblem(draft) ??
  confidenceProblem(draft) ??
  draft.links.map(linkProblem).find((problem) => problem !== null) ??
  (draft.links.length > decisionLimits.links ? `A decision names at most ${decisionLimits.links} pieces of evidence.` : null);

/** What is wrong with a date; null: nothing. */
export const dateProblem = (what: string, atMs: number | null, nowMs: number): string | null =>
  atMs === null || (Number.isSafeInteger(atMs) && Math.abs(atMs - nowMs) <= maxDistanceMs)
    ? null
    : `The date "${what}" is no date within a hundred years.`;

const isWithin = (text: string, most: number): boolean => text.trim() !== "" && text.length <= most;

function textProblem({ question, topic, rationale, choice }: DecisionDraft): string | null {
  const { questionLength, topicLength, textLength } = decisionLimits;
  if (!isWithin(question, questionLength)) return `The question is a sentence of at most ${questionLength} characters.`;
  if (topic !== null && !isWithin(topic, topicLength)) return `The topic is a few words, at most ${topicLength} characters.`;
  if (rationale.length > textLength) return `The reason has at most ${textLength} characters.`;
  return choice !== null && rationale.trim() === "" ? "Say why; a decision without its reason teaches nobody." : null;
}

function optionsProblem({ options, choice }: DecisionDraft): string | null {
  if (options.length === 0 || options.length > decisionLimits.options)
    return `A decision has 1 to ${decisionLimits.options} options; name what was considered.`;
  const ids = new Set(options.map((option) => option.id));
  if (ids.size !== options.length) return "Two options have the same id.";
  const problem = options.map(optionProblem).find((one) => one !== null);
  if (problem !== undefined) return problem;
  return choice === null || ids.has(choice) ? null : `"${choice.slice(0, 80)}" is none of the options ${[...ids].join(", ")}.`;
}

function optionProblem({ id, label, pros = [], cons = [] }: Decision["options"][number]): string | null {
  const { optionIdLength, labelLength, points, pointLength } = decisionLimits;
  if (!isWithin(id, optionIdLength) || !isWithin(label, labelLength))
    return `An option has an id of at most ${optionIdLength} and a label of at most ${labelLength} characters.`;
  return [pros, cons].some((side) => side.length > points || side.some((point) => !isWithin(point, pointLength)))
    ? `An option has at most ${points} points for it and as many against it, each of at most ${pointLength} characters.`
    : null;
}

function confidenceProblem({ confidence }: DecisionDraft): string | null {
  if (confidence === null) return null;
  const { probability, wouldProveWrong } = confidence;
  if (!(probability >= 0 && probability <= 1)) return "Confidence is a probability from 0 to 1.";
  return isWithin(wouldProveWrong, decisionLimits.textLength)
    ? null
    : "Say what would prove it wrong; a probability alone cannot be checked.";
}

function linkProblem(link: EvidenceLink): string | null {
  const { labelLength, addressLength } = decisionLimits;
  if (!isWithin(link.label, labelLength)) return `Evidence has a label of at most ${labelLength} characters.`;
  if (link.kind === "record") return null;
  // Shown as a link: anything but a page of the web could run in the reader's browser.
  return /^https?:\/\/[^\s]+$/u.test(link.address) && link.address.length <= addressLength
    ? null
    : `"${link.address.slice(0, 80)}" is no address that begins with https:// or http://.`;
}
