import { personaKind } from "../../src/core/personas/persona.ts";
import { type ToolDeclaration, definitionOf } from "../../src/core/gate/tool-declaration.ts";
import { type Json, type JsonObject } from "../../src/core/shared/json.ts";
import type { Actor } from "../../src/core/shared/actor.ts";
import { asId } from "../../src/core/shared/ids.ts";
import { readAttemptContext } from "../../src/engine/execution/attempt-context.ts";
import { redactSecrets } from "../../src/engine/gate/redact-secrets.ts";
import { openToolDoor, toolRegistry } from "../../src/engine/gate/tool-door.ts";
import type { GatedTool } from "../../src/engine/ports/gated-tool.ts";
import type { DoorAnswer } from "../../src/engine/ports/tool-door.ts";
import { activeRequest } from "./active-request.ts";
import { type CoreWorld, hashOf, look, worker } from "./core-world.ts";

/** A world in which the persona `writer` works on a task that names the given tools. */
export interface GateWorld {
  readonly world: CoreWorld;
  readonly founder: Actor;
  readonly requestId: string;
  readonly begin: () => Promise<void>;
  readonly call: (tool: string, given: JsonObject) => Promise<DoorAnswer>;
  readonly agreeTo: (declaration: ToolDeclaration) => Promise<unknown>;
  readonly answer: (choice: string) => Promise<unknown>;
}

/** A tool that costs, as far as a test says. */
export const paidTool = (fields: Partial<ToolDeclaration>): ToolDeclaration => ({
  name: "mail",
  description: "Sends a letter.",
  origin: "office",
  parameters: { type: "object", properties: { to: { type: "string" }, text: { type: "string" } }, required: ["to", "text"] },
  deliveryClass: "once",
  effectKind: "send",
  targets: ["to"],
  amountArgument: null,
  result: { integrity: "external", readers: "project" },
  costMicro: 0,
  timeLimitMs: 20_000,
  ...fields,
});

const hashOfText = (text: string) => asId<"sha256">(hashOf(JSON.parse(text) as Json)); // the door hashes canonical JSON only

/** Each look at the clock of a call is 7 ms after the one before. */
export async function openGateWorld(
  tools: readonly GatedTool[],
  mode: "real" | "rehearsal" = "real",
  outside: { readonly names: readonly string[]; readonly list: () => Promise<readonly GatedTool[]> } = { names: [], list: async () => [] },
): Promise<GateWorld> {
  const names = [...tools.map(({ declaration }) => declaration.name), ...outside.names];
  const rows = [{ task: "a", review: "checks", tools: names, outputs: ["a.md"] }];
  const { world, founder, requestId } = await activeRequest(rows, undefined, mode);
  const writer = (await world.rows(personaKind)).find((one) => one.key === "writer");
  if (writer === undefined) throw new Error("There is no writer.");
  const { id: _id, version: _version, eventCount: _count, ...fields } = writer;
  await world.tell(founder, { kind: "add-persona", persona: { ...fields, tools: names, personaVersion: 2 } });
  let elapsedMs = 0;
  const clock = {
    nowMs: () => world.nowMs(),
    monotonicMs: () => (elapsedMs += 7),
    pause: () => Promise.resolve(),
    deadline: () => new AbortController().signal,
  };
  const latest = async () => (await look(world)).attempts.toSorted((left, right) => right.number - left.number)[0];
  const parts = {
    organizationId: world.scope.organizationId,
    tools: toolRegistry(tools),
    clock,
    digest: hashOfText,
    ids: { next: () => world.newId() },
    apply: world.engine.apply.bind(world.engine),
    crash: () => undefined,
    redact: (text: string) => redactSecrets(text),
  };
  let calls = 0;
  const begin = async (): Promise<void> => {
    const attempt = await latest();
    await world.tell(worker, { kind: "start-attempt", attemptId: attempt?.id ?? "", epoch: attempt?.epoch ?? 0, executorId: "w" });
  };
  await begin();
  return {
    world,
    founder,
    requestId,
    begin,
    async call(tool, given) {
      const attempt = await latest();
      const context = await world.engine.read(world.scope, (reader) => readAttemptContext(reader, attempt?.id ?? "", world.nowMs()));
      calls += 1;
      const request = { callId: `c${calls}`, tool, rawArguments: JSON.stringify(given) };
      return openToolDoor({ ...parts, tools: [...parts.tools, ...(await outside.list())] }, context).call(
        request,
        new AbortController().signal,
      );
    },
    agreeTo: (declaration) =>
      world.tell(founder, {
        kind: "set-tool-mode",
        tool: declaration.name,
        mode: "open",
        definitionSha256: hashOf(definitionOf(declaration)),
        reason: "Looked at.",
      }),
    async answer(choice) {
      const item = (await look(world)).items.find((one) => one.state === "open" && one.ruleId === "gate.tool-approval");
      return world.tell(founder, {
        kind: "answer-item",
        itemId: item?.id ?? "",
        choice,
        value: null,
        reason: "",
        inputs: [],
        confirmation: null,
      });
    },
  };
}
