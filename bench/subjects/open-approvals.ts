import { inboxItemKind } from "../../src/core/oversight/inbox-item.ts";
import { asId } from "../../src/core/shared/ids.ts";
import { openBenchWorld } from "../support/bench-world.ts";
import { layeredPlan } from "../support/layered-plan.ts";
import { serveActs } from "../support/subject.ts";

/* Opens approvals by the thousand: one is asked for by a real plan, the others are written as that one was. */
const world = await openBenchWorld();
const { system, home } = world;
const batch = 500;

async function open({ approvals }: { readonly approvals: number }): Promise<number> {
  const { requestId } = await world.propose(layeredPlan({ tasks: 10, width: 5, review: "checks" }));
  const scope = { organizationId: home.organizationId, projectIds: [asId<"project">(home.projectId)] };
  const [asked] = await system.store.read(scope, (reader) =>
    reader.find(inboxItemKind, { where: { requestId, state: ["open"] }, limit: 1 }),
  );
  if (asked === undefined) throw new Error("the plan asked for no approval");
  for (let done = 1; done < approvals; done += batch) {
    const context = {
      ...scope,
      projectId: asId<"project">(home.projectId),
      actor: { kind: "system", id: "bench" },
      cause: `bench:approvals:${done}`,
      atMs: Date.now(),
    } as const;
    await system.store.transact(context, async (transaction) => {
      const changes = Array.from({ length: Math.min(batch, approvals - done) }, () => ({
        kind: inboxItemKind,
        before: undefined,
        after: { ...asked, id: system.ids.next(), subjectId: asId<never>(system.ids.next()), version: 1, eventCount: 0 },
      }));
      await transaction.write({}, changes, [], []);
    });
  }
  return approvals;
}

serveActs({ open }, () => system.close());
