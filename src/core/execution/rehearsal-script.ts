import type { InboxItem } from "../oversight/inbox-item.ts";
import type { AnswerItem } from "../requests/decide-request-answer.ts";
import type { Json, JsonObject } from "../shared/json.ts";

/** What a rehearsal plays for one task; absent parts follow the declared distributions. */
export interface ScriptedTask {
  /** Rounds of review that fail before one passes; null: by the script's quality. */
  readonly failedReviews: number | null;
  /** Attempts that fail before one submits. */
  readonly failedAttempts: number;
  /** Asked once, before any work; null: nothing is asked. */
  readonly question: string | null;
}

/** How people behave: every open item is answered after the delay, in the rehearsal's time. */
export interface ScriptedPeople {
  readonly delayMs: number;
  /** Text given to questions. */
  readonly answer: string;
}

/** A rehearsal's script: the same seed and script play the same every time. */
export interface RehearsalScript {
  readonly seed: number;
  /** Chance that a submission passes its review when the task does not say, 0 to 1. */
  readonly quality: number;
  /** Micro-units of the organization's currency. */
  readonly costPerHourMicro: number;
  readonly tasks: { readonly [taskKey: string]: ScriptedTask };
  /** Null: real people answer, and the rehearsal's time stands still until they do. */
  readonly people: ScriptedPeople | null;
}

/** Reads a script with defaults for whatever is absent or of another type; null plays everything right at once. */
export function readScript(raw: JsonObject | null): RehearsalScript {
  const source = raw ?? {};
  const tasks = Object.entries(object(source["tasks"])).map(([key, value]) => [key, readTask(object(value))] as const);
  const people = source["people"];
  return {
    seed: number(source["seed"], 1),
    quality: Math.max(0, Math.min(1, number(source["quality"], 1))),
    costPerHourMicro: Math.max(0, number(source["costPerHourMicro"], 90_000_000)),
    tasks: Object.fromEntries(tasks),
    people:
      people === undefined || people === null
        ? null
        : {
            delayMs: Math.max(0, number(object(people)["delayMinutes"], 60)) * 60_000,
            answer: text(object(people)["answer"]) ?? "Go on as you think best.",
          },
  };
}

function readTask(value: JsonObject): ScriptedTask {
  const failedReviews = value["failedReviews"];
  return {
    failedReviews: typeof failedReviews === "number" ? failedReviews : null,
    failedAttempts: number(value["failedAttempts"], 0),
    question: text(value["question"]),
  };
}

/** What a scripted person says to an item: approves, passes, answers, tries once more, goes on. */
export function scriptedAnswer(item: InboxItem, people: ScriptedPeople): AnswerItem {
  const wanted = ["approve", "pass", "answer", "retry", "go-on", "done", "one-task"];
  const choice = wanted.find((id) => item.choices.some((candidate) => candidate.id === id)) ?? item.choices[0]?.id ?? "";
  const value: Json = choice === "answer" ? people.answer : null;
  return {
    kind: "answer-item",
    itemId: item.id,
    choice,
    value,
    reason: "Rehearsal: answered by the script.",
    inputs: [],
    confirmation: null,
  };
}

const object = (value: Json | undefined): JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
const number = (value: Json | undefined, otherwise: number): number =>
  typeof value === "number" && Number.isFinite(value) ? value : otherwise;
const text = (value: Json | undefined): string | null => (typeof value === "string" && value !== "" ? value : null);
