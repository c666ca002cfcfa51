import { expect, test } from "vitest";
import type { Artifact } from "../shared/content.ts";
import { asId } from "../shared/ids.ts";
import { readModelAnswer } from "./model-protocol.ts";
import type { Task } from "./task.ts";
import { writtenOutputs } from "./turn.ts";

/** Only what the reading looks at. */
const task = { spec: { outputs: ["a.md", "b.xlsx"] }, reworkPoints: [] } as unknown as Task;
const answer = (outputs: readonly { readonly name: string; readonly text: string }[]): string =>
  JSON.stringify({ question: null, outputs, notes: [], points: [] });
const note = { name: "a.md", text: "# Note" };

test("what a tool has written need not be said again", () => {
  const read = readModelAnswer(answer([note]), task, new Set(["b.xlsx"]));
  expect(read).toMatchObject({ ok: true, answer: { outputs: [note, { name: "b.xlsx", text: null }] } });
  expect(readModelAnswer(answer([note, { name: "b.xlsx", text: " " }]), task, new Set(["b.xlsx"])).ok).toBe(true);
});

test("without a tool that wrote it, it is missing; a text does not take the place of a workbook, and does of a text", () => {
  expect(readModelAnswer(answer([note]), task)).toMatchObject({ ok: false, problems: ["The output b.xlsx is missing."] });
  const instead = readModelAnswer(answer([note, { name: "b.xlsx", text: "see above" }]), task, new Set(["b.xlsx"]));
  expect(instead).toMatchObject({ ok: false, problems: ["The output b.xlsx was written by a tool and is no text; leave it out."] });
  expect(readModelAnswer(answer([note]), task, new Set(["a.md", "b.xlsx"]))).toMatchObject({ ok: true, answer: { outputs: [note, {}] } });
});

test("the last writing of a name counts", () => {
  const file = (name: string, hash: string): Artifact => ({ name, sha256: asId<"sha256">(hash), mediaType: "", bytes: 1 });
  const call = (written: readonly Artifact[]) =>
    ({ callId: "c", tool: "t", kind: "done", text: "", costMicro: 0, label: null, written }) as const;
  const turns = [{ answers: [call([file("a.md", "1")]), call([file("b.xlsx", "2")])] }, { answers: [call([file("a.md", "3")])] }];
  expect([...writtenOutputs(turns)].map(([name, { sha256 }]) => [name, sha256])).toEqual([
    ["a.md", "3"],
    ["b.xlsx", "2"],
  ]);
});
