import { attemptKind } from "../../src/core/execution/attempt.ts";
import { inboxItemKind } from "../../src/core/oversight/inbox-item.ts";
import { callIdentity } from "../../src/core/gate/tool-call.ts";
import { type JsonObject, canonicalJson } from "../../src/core/shared/json.ts";
import { definitionHash } from "../../src/engine/gate/declared-tools.ts";
import type { HttpWorld } from "./http-world.ts";
import { toolsHere } from "./tools-here.ts";

export interface WantedCall {
  readonly tool: string;
  readonly arguments: JsonObject;
}

/** A persona at work on a task of its own, which sends calls to the gate. */
export async function workingPersona(world: HttpWorld, text = "Send the weekly note") {
  const { organizationId, projectId, engine, digest } = world;
  const tools = new Map(toolsHere(world.use.content).map(({ declaration }) => [declaration.name, declaration]));
  const names = [...tools.keys()];
  const scope = { organizationId, projectIds: [projectId] };
  const read = <Row>(work: Parameters<typeof engine.read<Row>>[1]) => engine.read(scope, work);
  for (const [name, declaration] of tools)
    if (declaration.origin !== "built-in")
      await world.asPerson(
        {
          kind: "set-tool-mode",
          tool: name,
          mode: "open",
          definitionSha256: definitionHash(declaration, digest),
          reason: "Looked at it.",
        },
        null,
      );
  await world.asPerson(
    {
      kind: "add-persona",
      persona: {
        key: "office_clerk",
        personaVersion: 1,
        worldview: "keeps people informed",
        specializations: [],
        tools: names,
        skills: [],
        division: "support",
        executors: ["rules"],
        costPerHourMicro: 0,
        capacity: 10,
      },
    },
    null,
  );
  const { id: requestId, label } = await world.filed(text);
  const task = {
    task: "mailing",
    title: "Send it",
    persona: "office_clerk",
    dependencies: [],
    tools: names,
    outputs: ["note.md"],
    executor: "rules",
    acceptance: [{ id: "a1", statement: "It is there.", check: { kind: "output", output: "note.md" } }],
  };
  const proposed = await world.json(
    world.asToken("POST", `/api/requests/${label}/plan`, { body: { document: { decomposition: [task] } } }),
  );
  const view = await world.json(world.asToken("GET", `/api/requests/${label}/plan`));
  const planId = String((view["plan"] as { readonly id: string }).id); // the contract's plan has an id
  await world.json(world.asToken("POST", `/api/plans/${planId}/approve`, { body: { confirm: label } }));
  const attempt = (await read((reader) => reader.find(attemptKind, { where: { requestId }, limit: 1 })))[0];
  if (attempt === undefined) throw new Error(`Nobody works on it: ${JSON.stringify(proposed)}`);
  await world.system({ kind: "start-attempt", attemptId: attempt.id, epoch: attempt.epoch, executorId: "w" });
  const policySha256 = "c".repeat(64);
  let count = 0;
  /** What the worker does with a call that the persona made. */
  const call = async ({ tool: name, arguments: given }: WantedCall): Promise<JsonObject> => {
    const tool = tools.get(name);
    if (tool === undefined) throw new Error(`There is no ${name}.`);
    const definitionSha256 = definitionHash(tool, digest);
    const identity = {
      tool: name,
      definitionSha256,
      arguments: given,
      persona: "office_clerk",
      taskId: attempt.taskId,
      projectId,
      policySha256,
    };
    return world.system({
      kind: "request-tool-call",
      attemptId: attempt.id,
      epoch: attempt.epoch,
      callId: `c${(count += 1)}`,
      toolName: name,
      rawArguments: JSON.stringify(given),
      tool,
      definitionSha256,
      callSha256: digest(canonicalJson(callIdentity(identity))),
      policySha256,
    });
  };
  /** The item that asks about calls. */
  const question = async () =>
    (await read((reader) => reader.find(inboxItemKind, { where: { state: "open" }, limit: 50 }))).find(
      ({ ruleId }) => ruleId === "gate.tool-approval",
    );
  return { requestId, label, attempt, call, question };
}
