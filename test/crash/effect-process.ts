import process from "node:process";
import { createHash } from "node:crypto";
import { cedarAuthorizer } from "../../src/adapters/cedar/cedar-authorizer.ts";
import { systemClock } from "../../src/adapters/system/system-clock.ts";
import { createSystemIds } from "../../src/adapters/system/system-ids.ts";
import { systemRng } from "../../src/adapters/system/system-rng.ts";
import { Failure } from "../../src/core/shared/failure.ts";
import { asId } from "../../src/core/shared/ids.ts";
import { openEngine } from "../../src/engine/engine.ts";
import { performEffect } from "../../src/engine/gate/perform-effect.ts";
import { crashProbe } from "../../src/main/crash-probe.ts";
import { openTestStore } from "../support/test-store.ts";
import { fileReceivers } from "./file-receivers.ts";

/** One act of an `EffectOrder`: a tool and the place of the step in the plan. */
export interface OrderedEffect {
  readonly tool: string;
  readonly ordinal: number;
  /** Dies at this point on the way; empty: it goes to its end. */
  readonly crashPoint: string;
}

/** What the process is to do, one after the other, as the holder of an attempt. */
export interface EffectOrder {
  readonly appUrl: string;
  readonly receiversFile: string;
  readonly organizationId: string;
  readonly projectId: string;
  readonly requestId: string;
  readonly taskId: string;
  readonly epoch: number;
  readonly effects: readonly OrderedEffect[];
}

const callDeadlineMs = 1_000;
const order = JSON.parse(process.argv[2] ?? "{}") as EffectOrder; // written by the test
const digest = (text: string) => asId<"sha256">(createHash("sha256").update(text, "utf8").digest("hex"));
let probe = crashProbe({});
const crash: typeof probe = (point) => probe(point);
const under = await openTestStore(order.appUrl, { crash, maxConnections: 2 });
const ids = createSystemIds();
const capabilities = { executors: ["rules"], ruleTasks: [], sandbox: { ok: false, reason: "none here" } } as const;
const engine = openEngine({
  store: under.store,
  clock: systemClock,
  ids,
  rng: systemRng,
  digest,
  crash,
  capabilities,
  authorizer: cedarAuthorizer(),
});

for (const { tool: name, ordinal, crashPoint } of order.effects) {
  probe = crashProbe({ XVC_CRASH_POINT: crashPoint });
  const tool = fileReceivers(order.receiversFile).find((one) => one.name === name);
  if (tool === undefined) throw new Error(`There is no tool ${name}.`);
  const caller = {
    organizationId: asId<"organization">(order.organizationId),
    projectId: asId<"project">(order.projectId),
    actor: { kind: "system", id: "effect-process" },
    key: "effects",
  } as const;
  const planned = {
    requestId: order.requestId,
    taskId: order.taskId,
    epoch: order.epoch,
    step: "tell",
    ordinal,
    tool,
    arguments: { ordinal },
  };
  const said = await performEffect(
    { apply: engine.apply.bind(engine), clock: systemClock, ids, digest, crash, callDeadlineMs },
    caller,
    planned,
  ).then(
    () => "done",
    (error: unknown) => {
      if (error instanceof Failure && error.kind !== "bug") return error.code;
      throw error;
    },
  );
  process.stdout.write(`${JSON.stringify({ tool: name, ordinal, said })}\n`);
}
await under.close();
process.exit(0);
