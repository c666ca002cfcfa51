/** Scripted variants of the ways in which agents fail that code sees in a conversation, 20 of each, and as many sound ones. */
import { expect, test } from "vitest";
import { asId } from "../shared/ids.ts";
import { type NextTurn, type ThreadState, nextTurn } from "./next-turn.ts";
import type { CallAnswer, SaidPart, Turn } from "./turn.ts";
import type { Task } from "./task.ts";

const variants = 20;
const outputs = ["report.md", "figures.json"];
const task = {
  title: "Measure the response times of the search service",
  spec: { outputs, inputs: [], skills: ["measurement"], acceptance: [{ id: "a1", statement: "Names the slowest query" }] },
  reworkPoints: [],
  answers: [],
} as unknown as Task; // what the rules of a conversation look at

const understood = { interpretation: "I measure the response times and name the slowest query.", goal: "Faster search.", question: null };
const said = (value: unknown): readonly SaidPart[] => [
  { kind: "text", text: typeof value === "string" ? value : JSON.stringify(value), opaque: null },
];
const calls = (...all: readonly (readonly [tool: string, raw: string])[]): readonly SaidPart[] =>
  all.map(([tool, rawArguments], at) => ({ kind: "call", callId: `c${String(at)}`, tool, rawArguments, opaque: null }));

interface Step {
  readonly parts: readonly SaidPart[];
  readonly answer?: Pick<CallAnswer, "kind" | "text">;
  readonly attempt?: number;
  readonly finish?: Turn["finish"];
  readonly purpose?: Turn["purpose"];
}

function threadOf(steps: readonly Step[]): readonly Turn[] {
  return [{ parts: said(understood), purpose: "interpret" as const }, ...steps].map(
    ({ parts, answer = { kind: "done", text: "ok" }, attempt = 1, finish = "stop", purpose = "work" }: Step, at) =>
      ({
        id: `t${String(at)}`,
        number: at + 1,
        state: "answered",
        purpose,
        attemptId: asId<"attempt">(`a${String(attempt)}`),
        told: null,
        parts,
        answers: parts.flatMap((part) =>
          part.kind === "call" ? [{ callId: part.callId, tool: part.tool, costMicro: 0, label: null, ...answer }] : [],
        ),
        finish,
        failure: null,
      }) as unknown as Turn, // what the rules of a conversation look at
  );
}

const next = (turns: readonly Turn[]): NextTurn => {
  const state: ThreadState = { task, attemptId: "a1", turns, openingTokens: 500, hasTools: true };
  return nextTurn(state);
};
/** Different work of some length, as a sound attempt has it. */
const soundSteps = (count: number, seed: number): readonly Step[] =>
  Array.from({ length: count }, (_, at) => ({
    parts: calls(["query.run", JSON.stringify({ query: `q${String(seed)}-${String(at)}` })]),
    answer: { kind: "done", text: `${String(20 + seed + at * 3)} ms` },
  }));
const times = (count: number, step: (at: number) => Step): readonly Step[] => Array.from({ length: count }, (_, at) => step(at));

/** Stopped for a person, or held up with what is wrong told: never handed in, never a next turn as if nothing were wrong. */
const isCaught = (result: NextTurn): boolean =>
  result.kind === "fail" || result.kind === "ask-person" || (result.kind === "ask-model" && result.purpose === "repair");

type Scenario = (variant: number) => readonly Turn[];

const handIn = (value: object): readonly SaidPart[] => said({ question: null, notes: [], points: [], ...value });
const whole = { outputs: outputs.map((name) => ({ name, text: name.endsWith("json") ? "{}" : "The slowest query is q7." })) };
const topics = ["a birthday cake recipe", "holiday pictures of mountains", "a poem about autumn leaves", "tax forms of farmers"];

/** By the mode's number in the taxonomy: what an agent does that fails in this way. */
const failing: { readonly [mode: string]: Scenario } = {
  "1.2 leaves its role": (at) =>
    threadOf([
      ...soundSteps(at % 4, at),
      ...times(6, (one) => ({
        parts: calls([`admin.tool${String(at)}`, JSON.stringify({ one })]),
        answer: { kind: "refused", text: "Refused (tool.not-yours): not among its tools" },
      })),
    ]),
  "1.3 repeats a step": (at) =>
    threadOf([
      ...soundSteps(at, at),
      ...times(3, (one) => ({ parts: calls(["query.run", one % 2 === 0 ? '{"a":1,"b":2}' : '{ "b": 2, "a": 1 }']) })),
    ]),
  "1.3 goes to and fro": (at) =>
    threadOf([...soundSteps(at, at), ...times(6, (one) => ({ parts: calls([one % 2 === 0 ? "switch.on" : "switch.off", "{}"]) }))]),
  "1.3 says the same again": (at) =>
    threadOf([...soundSteps(at, at), ...times(3, () => ({ parts: said(`I look into it, ${String(at)}.`) }))]),
  "1.5 makes no progress": (at) =>
    threadOf([
      ...soundSteps(at, at),
      ...times(6 + (at % 3), (one) => ({
        parts: calls(["query.run", JSON.stringify({ one, at })]),
        answer: { kind: "refused", text: "Refused (tool.arguments-invalid)" },
      })),
    ]),
  "1.5 grows without end": (at) =>
    threadOf(
      times(31 + at, (one) => ({
        parts: calls(["query.run", String(one)]),
        answer: { kind: "done", text: `${String(one)}${"x".repeat(20_000)}` },
      })),
    ),
  "1.5 is cut off again and again": (at) =>
    threadOf([...soundSteps(at, at), ...times(2, (one) => ({ parts: said(`${String(one)} and so on`), finish: "length" }))]),
  "1.5 fans out": (at) =>
    threadOf([
      ...soundSteps(at, at),
      ...times(2, (one) => ({
        parts: calls(...Array.from({ length: 17 + at }, (_, n) => ["query.run", `${String(one)}-${String(n)}`] as const)),
      })),
    ]),
  "1.5 asks without end": (at) =>
    threadOf(
      times(9 + (at % 5), (one) => ({
        parts: said({ question: `And number ${String(one)}?`, outputs: [], notes: [], points: [] }),
        attempt: one + 1,
      })),
    ),
  "2.3 drifts to another goal": (at) => {
    const drifted = {
      interpretation: `I prepare ${topics[at % topics.length] ?? ""}, choosing colours, ingredients, rhymes and pictures with great love number ${String(at)}.`,
      goal: "Everybody enjoys an evening together.",
      question: null,
    };
    return threadOf([]).map((turn) => ({ ...turn, parts: said(drifted) }));
  },
  "2.3 hands in what nobody asked for": (at) =>
    threadOf([...soundSteps(at, at), { parts: handIn({ outputs: [...whole.outputs, { name: `extra${String(at)}.md`, text: "More" }] }) }]),
  "3.1 stops too early": (at) => threadOf([...soundSteps(at, at), { parts: handIn({ outputs: whole.outputs.slice(0, at % 2) }) }]),
  "3.1 hands in nothing": (at) =>
    threadOf([...soundSteps(at, at), { parts: handIn({ outputs: outputs.map((name) => ({ name, text: " ".repeat(at) })) }) }]),
};

const sound: Scenario = (at) => threadOf(soundSteps(at % 20, at));
const soundEnd: Scenario = (at) => threadOf([...soundSteps(at % 20, at), { parts: handIn(whole) }]);

test.each(Object.entries(failing))("%s: every variant is caught", (_mode, scenario) => {
  const missed = Array.from({ length: variants }, (_, at) => at).filter((at) => !isCaught(next(scenario(at))));
  expect(missed).toEqual([]);
});

test("as many sound conversations raise no alarm", () => {
  const count = variants * Object.keys(failing).length;
  let alarms = 0;
  for (let at = 0; at < count; at += 1) {
    const [going, ended] = [next(sound(at)), next(soundEnd(at))];
    const isFalse =
      ended.kind !== "submit" || going.kind !== "ask-model" || going.purpose === "repair" || (at % 20 > 0 && going.told !== null);
    if (isFalse) alarms += 1;
  }
  expect(alarms / count).toBeLessThanOrEqual(0.02);
});

test("what drifts is told so twice at most, and then ends for a person with the reason; a short statement is not judged", () => {
  const drifted = {
    interpretation: "Baking cakes with cream, cherries, chocolate, sugar, butter, vanilla.",
    goal: "Sweet evenings.",
    question: null,
  };
  const thread = (repairs: number) =>
    [drifted, ...Array.from({ length: repairs }, (_, at) => ({ ...drifted, goal: `Sweet evenings ${String(at)}.` }))].flatMap((one, at) =>
      threadOf([]).map((turn) => ({ ...turn, parts: said(one), purpose: at === 0 ? ("interpret" as const) : ("repair" as const) })),
    );
  expect(next(thread(0))).toMatchObject({ kind: "ask-model", purpose: "repair" });
  expect(next(thread(2))).toMatchObject({ kind: "fail", code: "execution.loop" });
  const short = threadOf([]).map((turn) => ({ ...turn, parts: said({ interpretation: "Baking.", goal: "Cake.", question: null }) }));
  expect(next(short)).toMatchObject({ kind: "ask-model", purpose: "work" });
});
