import { type InboxItem, isItemClosed } from "../oversight/inbox-item.ts";
import { openItem, withdrawItem } from "../oversight/open-item.ts";
import { type Autonomy, autonomyKind } from "../personas/autonomy.ts";
import { type Candidacy, candidacyKind, countedIn, isWorse, shareOf } from "../personas/candidacy.ts";
import {
  type Ladder,
  type LadderEvent,
  type Outcome,
  type Rise,
  type RungChange,
  ladderAfter,
  ladderBars,
  newLadder,
  riseOf,
} from "../personas/ladder.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { ProjectId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, type Step, beginStep, refuse } from "../shared/transition.ts";
import { evidenceText, rungWords } from "./ladder-text.ts";

/** What became of one first try; sent by the clock that the judged task has set. */
export interface CountOutcome {
  readonly kind: "count-outcome";
  readonly personaKey: string;
  readonly taskType: string;
  readonly outcome: Outcome;
}

export interface OutcomeSlice {
  readonly projectId: ProjectId;
  /** The row, locked; undefined: it is the first outcome of its kind. */
  readonly autonomy: Autonomy | undefined;
  /** What people are asked or told about it at present, locked. */
  readonly item: InboxItem | undefined;
  /** The new version that runs beside the old one, locked; undefined: none does. */
  readonly candidacy: Candidacy | undefined;
}

/** Who may let a persona rise, and is told when one falls. */
export const ladderRoles = ["director", "lead"] as const;

/** Counts an outcome: the ladder moves down by itself, a rise is put before people, and a worse new version is rolled back. */
export function decideOutcome(slice: OutcomeSlice, command: CountOutcome, context: DecideContext): Decided {
  const { outcome, personaKey, taskType } = command;
  if (slice.autonomy?.outcomes.some(({ attemptId }) => attemptId === outcome.attemptId) === true)
    return refuse("conflict", "autonomy.counted-before", "This result was counted before.");
  const step = beginStep(context);
  const row = slice.autonomy ?? newRow(step, { personaKey, taskType }, outcome.atMs);
  const after = fold(step, row, { kind: "outcome", outcome });
  ask(step, { ...slice, row, before: row }, after);
  if (slice.candidacy !== undefined) count(step, { ...slice, candidacy: slice.candidacy }, outcome);
  return step.draft.accept({ id: row.id, rung: after.rung });
}

function newRow({ draft, context }: Step, of: Pick<Autonomy, "personaKey" | "taskType">, atMs: number): Autonomy {
  // From just before its first outcome on, which counts.
  return draft.create(autonomyKind, { ...newLadder(atMs - 1), ...of, id: context.newId(), itemId: null });
}

/** Writes the ladder after one more event, and the event itself: whoever folds the events again has the same ladder. */
export function fold({ draft }: Step, row: Autonomy, event: LadderEvent): Ladder {
  const after = ladderAfter(row, event);
  const { rung, sinceMs, outcomes, redirections, grantedTo, history } = after;
  const kept = draft.change(autonomyKind, row, { rung, sinceMs, outcomes, redirections, grantedTo, history });
  draft.record(autonomyKind, kept, "autonomy.heard", {
    personaKey: row.personaKey,
    taskType: row.taskType,
    event: event as unknown as JsonObject, // plain JSON by its type
    rung,
    bars: ladderBars.version,
  });
  const change = after.history.at(-1);
  if (change !== undefined && rung !== row.rung)
    draft.record(autonomyKind, kept, "autonomy.moved", {
      personaKey: row.personaKey,
      taskType: row.taskType,
      from: change.from,
      to: change.to,
      reason: change.reason,
      by: change.byId,
    });
  return after;
}

interface Asking extends OutcomeSlice {
  readonly row: Autonomy;
  readonly before: Ladder;
}

/** One open item for each row at most: a rise that the evidence carries, or that it fell. */
function ask(step: Step, asking: Asking, after: Ladder): void {
  const { before, item } = asking;
  const change = after.rung === before.rung ? undefined : after.history.at(-1);
  const open = item !== undefined && !isItemClosed(item) ? item : undefined;
  if (change === undefined) return askOrTakeBack(step, { ...asking, open }, riseOf(after));
  if (open !== undefined) withdrawItem(step.draft, open, "it has moved on the ladder");
  tellFall(step, asking, change);
}

function askOrTakeBack(step: Step, asking: Asking & { readonly open: InboxItem | undefined }, rise: Rise | null): void {
  const { row, item, open } = asking;
  const asks = open?.ruleId === "autonomy.rise";
  if ((rise === null) === !asks) return;
  if (open !== undefined) withdrawItem(step.draft, open, "the evidence has changed");
  if (rise === null) step.draft.change(autonomyKind, row, { itemId: null });
  // What is open in another project is answered there first.
  else if (row.itemId === null || item !== undefined) askRise(step, asking, rise);
}

function tellFall(step: Step, { row, projectId }: Asking, change: RungChange): void {
  const item = openItem(step, {
    kind: "escalation",
    requestId: null,
    projectId,
    subjectKind: "autonomy",
    subjectId: row.id,
    title: `${row.personaKey} fell to "${rungWords[change.to]}" for ${row.taskType}`,
    detail: `It stood at "${rungWords[change.from]}" and fell by itself: ${change.reason}. ${evidenceText(change.evidence)} It rises again only on new evidence and with a person's consent.`,
    ruleId: "autonomy.fell",
    choices: [{ id: "seen", label: "Seen", needs: "nothing" }],
    risk: "medium",
    roles: ladderRoles,
    evidence: { personaKey: row.personaKey, taskType: row.taskType, change: change as unknown as JsonObject }, // plain JSON by its type
  });
  step.draft.change(autonomyKind, row, { itemId: item.id });
}

function askRise(step: Step, { row, projectId }: Asking, rise: Rise): void {
  const item = openItem(step, {
    kind: "escalation",
    requestId: null,
    projectId,
    subjectKind: "autonomy",
    subjectId: row.id,
    title: `May ${row.personaKey} do ${row.taskType} with "${rungWords[rise.to]}"?`,
    detail: `${evidenceText(rise.evidence)} The bar is ${rise.bar.n} results and a lower bound of ${Math.round(rise.bar.lower * 100)} %. It holds for version ${rise.pair.personaVersion} done by ${rise.pair.executor} alone, what is always judged stays judged, and no act of consequence depends on it.`,
    ruleId: "autonomy.rise",
    choices: [
      { id: "consent", label: "Consent", needs: "reason" },
      { id: "decline", label: "Stay as it is", needs: "reason" },
    ],
    risk: "medium",
    roles: ladderRoles,
    evidence: { personaKey: row.personaKey, taskType: row.taskType, rise: rise as unknown as JsonObject }, // plain JSON by its type
  });
  step.draft.change(autonomyKind, row, { itemId: item.id });
}

function count(step: Step, { candidacy, projectId }: OutcomeSlice & { readonly candidacy: Candidacy }, outcome: Outcome): void {
  const counts = countedIn(candidacy, outcome);
  if (counts.base === candidacy.base && counts.candidate === candidacy.candidate) return;
  const { draft, context } = step;
  const now = draft.change(candidacyKind, candidacy, counts);
  if (!isWorse(now)) return;
  const [base, fresh] = [shareOf(now.base), shareOf(now.candidate)];
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const endReason = `at best ${percent(fresh.high)} of its ${now.candidate.n} results are good at the first try; of the ${now.base.n} of version ${now.baseVersion} at least ${percent(base.low)} are`;
  draft.change(candidacyKind, now, { state: "rolled-back", endedAtMs: context.nowMs, endReason });
  draft.record(candidacyKind, now, "candidacy.ended", {
    personaKey: now.personaKey,
    version: now.candidateVersion,
    end: "rolled-back",
    reason: endReason,
  });
  openItem(step, {
    kind: "escalation",
    requestId: null,
    projectId,
    subjectKind: "candidacy",
    subjectId: now.id,
    title: `Version ${now.candidateVersion} of ${now.personaKey} was rolled back`,
    detail: `It ran beside version ${now.baseVersion}: ${endReason}. All of its tasks go to version ${now.baseVersion} again; a correction comes as a version of its own.`,
    ruleId: "candidacy.rolled-back",
    choices: [{ id: "seen", label: "Seen", needs: "nothing" }],
    risk: "medium",
    roles: ladderRoles,
    evidence: { personaKey: now.personaKey, base: { ...now.base }, candidate: { ...now.candidate } },
  });
}
