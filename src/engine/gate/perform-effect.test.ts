import { expect, test } from "vitest";
import { createVirtualClock } from "../../adapters/in-process/virtual-clock.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId, type OrganizationId, type ProjectId } from "../../core/shared/ids.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Tool } from "../ports/executor.ts";
import type { Command } from "../shared/commands.ts";
import { performEffect } from "./perform-effect.ts";

const organizationId: OrganizationId = asId("o");
const projectId: ProjectId = asId("p");
const caller = { organizationId, projectId, actor: { kind: "system", id: "w" }, key: "job" } as const;

/** The protocol over a ledger that answers as it is told to. */
function protocol(deliveryClass: Tool["deliveryClass"], ledger: (command: Command) => JsonObject) {
  const clock = createVirtualClock(1_000);
  const sent: { readonly key: string; readonly command: Command }[] = [];
  let called = 0;
  let next = 0;
  const tool = {
    name: "tool",
    deliveryClass,
    effectKind: "send",
    call: () => {
      called += 1;
      return Promise.resolve({ receipt: called });
    },
    ...(deliveryClass === "queryable" ? { query: () => Promise.resolve(undefined) } : {}),
  } as const satisfies Tool;
  const use = {
    apply: ({ key }: { readonly key: string }, command: Command) => {
      sent.push({ key, command });
      return Promise.resolve(ledger(command));
    },
    clock,
    ids: { next: () => String((next += 1)) },
    digest: () => asId<"sha256">("k"),
    crash: () => undefined,
  };
  const run = () => performEffect(use, caller, { requestId: "r", taskId: "t", epoch: 1, step: "s", ordinal: 1, tool, arguments: {} });
  return { run, clock, sent, called: () => called };
}

const standing = (state: string, starts: number): JsonObject => ({ id: "e", state, result: null, starts });

/** Everything that can go on without the clock has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test("two runs of one body never share a key, so neither takes the other's start for its own", async () => {
  const one = protocol("once", () => standing("intended", 0));
  await one.run();
  await one.run();
  expect(new Set(one.sent.map(({ key }) => key)).size).toBe(one.sent.length);
});

test("waits out a living call by the monotonic clock before it asks and sends again, however the wall clock jumps", async () => {
  const one = protocol("queryable", () => standing("started", 1));
  const done = one.run();
  await settled();
  one.clock.jump(3_600_000);
  one.clock.advance(19_999);
  await settled();
  expect(one.called()).toBe(0);
  one.clock.advance(1);
  await done;
  expect(one.called()).toBe(1);
  expect(one.sent.find(({ command }) => command.kind === "start-effect")?.command).toMatchObject({ endedStarts: 1 });
});

test("takes the end that a living call has told meanwhile, and otherwise goes to a person without a second call", async () => {
  for (const [state, end] of [
    ["done", "resolved"],
    ["unknown", "effect.unknown"],
  ] as const) {
    const one = protocol("once", (command) => standing(command.kind === "end-effect" ? state : "started", 1));
    const done = one.run().then(
      () => "resolved",
      (error: unknown) => (error instanceof Failure ? error.code : error),
    );
    await settled();
    one.clock.advance(20_000);
    expect(await done).toBe(end);
    expect(one.called()).toBe(0);
  }
});

test("a record that fails after the call is not taken for a no of the receiver", async () => {
  const one = protocol("keyed", (command) => {
    if (command.kind === "end-effect") throw new Failure("conflict", "effect.unknown", { message: "A person decides." });
    return standing("intended", 0);
  });
  await expect(one.run()).rejects.toMatchObject({ code: "effect.unknown" });
  expect(one.sent.filter(({ command }) => command.kind === "end-effect")).toMatchObject([{ command: { outcome: "done" } }]);
});

test("does not send once its time has passed while the start was recorded", async () => {
  const one = protocol("keyed", (command) => {
    if (command.kind === "start-effect") one.clock.advance(20_000);
    return standing("intended", 0);
  });
  await expect(one.run()).rejects.toMatchObject({ code: "effect.too-late" });
  expect(one.called()).toBe(0);
});
