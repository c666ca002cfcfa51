/** What an attempt by a model does next, read from its turns alone: so it goes on after a restart as it would have without one. */
import { guardThread, isDrift } from "./loop-guards.ts";
import {
  answerSchema,
  type ModelAnswer,
  readModelAnswer,
  readUnderstanding,
  repairText,
  understandText,
  understandingSchema,
  workText,
} from "./model-protocol.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Task } from "./task.ts";
import { type Turn, type TurnPurpose, saidText, turnLimits, writtenOutputs } from "./turn.ts";

export type NextTurn =
  | {
      readonly kind: "ask-model";
      readonly purpose: TurnPurpose;
      readonly told: string | null;
      readonly withTools: boolean;
      /** Schema of the answer, where it is the only thing the model may say. */
      readonly schema: JsonObject | null;
    }
  | { readonly kind: "submit"; readonly answer: Extract<ModelAnswer, { readonly kind: "submit" }>; readonly interpretation: string }
  | { readonly kind: "ask-person"; readonly question: string }
  | { readonly kind: "fail"; readonly code: string; readonly message: string };

export interface ThreadState {
  readonly task: Task;
  readonly attemptId: string;
  /** All turns of the thread, the first ones first; every call in them has its answer. */
  readonly turns: readonly Turn[];
  readonly openingTokens: number;
  readonly hasTools: boolean;
  /** What the request asks, for whether the model is at it; absent: nothing beside the task. */
  readonly asked?: string;
  /** What people told the attempt and no turn has said yet; absent: nothing. */
  readonly notes?: readonly string[];
}

/** The understanding a thread began with, and the turns after it. */
function begun(
  state: ThreadState,
  turns: readonly Turn[],
): { readonly at: number; readonly interpretation: string; readonly question: string | null } | null {
  for (const [at, turn] of turns.entries()) {
    const read = readUnderstanding(saidText(turn.parts));
    if (read.ok && driftOf(state, read.answer) === null)
      return { at, interpretation: read.answer.interpretation, question: read.answer.question };
  }
  return null;
}

/** Chooses the next step of a thread. Total over whatever a model may have said. What a person told it meanwhile is said before anything ends. */
export function nextTurn(state: ThreadState): NextTurn {
  const next = chosen(state);
  const notes = state.notes ?? [];
  if (notes.length === 0 || next.kind === "fail") return next;
  const said = notes.map((note) => `A person who oversees this work says: ${note}`).join("\n\n");
  if (next.kind === "ask-model") return { ...next, told: next.told === null ? said : `${said}\n\n${next.told}` };
  return toWork(state, `${said}\n\n`);
}

function chosen(state: ThreadState): NextTurn {
  const turns = state.turns.filter((turn) => turn.state === "answered");
  const guard = guardThread(turns, state.openingTokens);
  if (guard.kind === "stop")
    return { kind: "fail", code: "execution.loop", message: `The model was stopped: ${guard.reason} (${guard.rule}).` };
  const last = turns.at(-1);
  if (last?.finish === "blocked")
    return { kind: "fail", code: "model.blocked", message: `The vendor of ${last.model} blocked the answer.` };
  const start = begun(state, turns);
  if (start === null) return understanding(state, turns);
  return start.at === turns.length - 1
    ? afterUnderstanding(state, turns, start.question)
    : working(state, turns, {
        interpretation: start.interpretation,
        warning: guard.kind === "warn" ? guard.text : null,
      });
}

/** What is wrong with an understanding that has nothing to do with the task; null: nothing. */
function driftOf(
  { task: { title, spec }, asked = "" }: ThreadState,
  { interpretation, goal }: { readonly interpretation: string; readonly goal: string },
): string | null {
  const about = [title, asked, ...spec.inputs, ...spec.skills, ...spec.outputs, ...spec.acceptance.map(({ statement }) => statement)];
  return isDrift(`${interpretation} ${goal}`, about)
    ? `What you say has nothing to do with the task "${title.slice(0, 120)}". Say it again in terms of its outputs (${spec.outputs.join(", ")}) and criteria.`
    : null;
}

function understanding(state: ThreadState, turns: readonly Turn[]): NextTurn {
  const last = turns.at(-1);
  const asking = { kind: "ask-model", withTools: false, schema: understandingSchema } as const;
  if (last === undefined) return { ...asking, purpose: "interpret", told: understandText };
  const read = readUnderstanding(saidText(last.parts));
  const drift = read.ok ? driftOf(state, read.answer) : null;
  if (drift === null) return read.ok ? { ...asking, purpose: "interpret", told: understandText } : repaired(turns, read.problems, asking);
  const again = repaired(turns, [drift], asking);
  const reason = `The model was stopped: what it says it will do has nothing to do with "${state.task.title}" (drift).`;
  return again.kind === "fail" ? { kind: "fail", code: "execution.loop", message: reason } : again;
}

function repaired(
  turns: readonly Turn[],
  problems: readonly string[],
  asking: { readonly kind: "ask-model"; readonly withTools: boolean; readonly schema: JsonObject | null },
): NextTurn {
  const at = turns.findLastIndex(({ purpose }) => purpose !== "repair");
  if (turns.length - 1 - at >= turnLimits.repairs)
    return {
      kind: "fail",
      code: "model.answer-unusable",
      message: `The model's answer could not be used after ${turnLimits.repairs} repairs: ${problems.slice(0, 3).join(" ")}`,
    };
  const cut = turns.at(-1)?.finish === "length" ? ["It was longer than an answer may be; make it shorter."] : [];
  return { ...asking, purpose: "repair", told: repairText([...cut, ...problems]) };
}

const toWork = ({ task, hasTools }: ThreadState, before: string): NextTurn => ({
  kind: "ask-model",
  purpose: "work",
  told: `${before}${workText(task)}`,
  withTools: hasTools,
  schema: hasTools ? null : answerSchema,
});

/** What a person answered to the last question, for the model. */
function answerOfPerson({ answers }: Task): string {
  const last = answers.at(-1);
  return last === undefined ? "" : `A person was asked: ${last.question}\nand answers: ${last.answer}\n\n`;
}

function afterUnderstanding(state: ThreadState, turns: readonly Turn[], question: string | null): NextTurn {
  if (question === null) return toWork(state, "");
  // A question of an earlier attempt was answered: that is why there is another one.
  return turns.at(-1)?.attemptId === state.attemptId ? { kind: "ask-person", question } : toWork(state, answerOfPerson(state.task));
}

function working(
  state: ThreadState,
  turns: readonly Turn[],
  { interpretation, warning }: { readonly interpretation: string; readonly warning: string | null },
): NextTurn {
  const last = turns.at(-1);
  const asking = { kind: "ask-model", withTools: state.hasTools, schema: state.hasTools ? null : answerSchema } as const;
  if (last === undefined || last.parts.some(({ kind }) => kind === "call")) return { ...asking, purpose: "work", told: warning };
  const read = readModelAnswer(saidText(last.parts), state.task, new Set(writtenOutputs(turns).keys()));
  if (!read.ok) return repaired(turns, read.problems, asking);
  if (read.answer.kind === "submit") return { kind: "submit", answer: read.answer, interpretation };
  if (last.attemptId === state.attemptId) return { kind: "ask-person", question: read.answer.question };
  return { ...asking, purpose: "work", told: answerOfPerson(state.task) };
}
