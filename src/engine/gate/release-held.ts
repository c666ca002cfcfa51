import { attemptKind } from "../../core/execution/attempt.ts";
import { haltKind, maxHalts } from "../../core/gate/halt.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { ProjectId } from "../../core/shared/ids.ts";
import type { Reader } from "../ports/store.ts";
import type { Command } from "../shared/commands.ts";

/** A command that ends a halt, and where it belongs. */
export interface HaltRelease {
  readonly projectId: ProjectId | null;
  readonly key: string;
  readonly command: Command;
}

/** Attempts given back in one round; the rest follows in the next. */
const batch = 1_000;

/**
 * What a lifted halt still has to give back; with nothing left, the halt is settled. One small query while none is lifting.
 * A halt is lifting before any of this is read, so an attempt that it held is either found here or was never held by it.
 */
export async function haltReleases(reader: Reader): Promise<readonly HaltRelease[]> {
  const lifting = new Set((await reader.find(haltKind, { where: { state: "lifting" }, limit: maxHalts })).map((halt) => halt.id));
  if (lifting.size === 0) return [];
  const held = await heldBy(reader, lifting);
  if (held.length === 0)
    return [...lifting].map((haltId) => ({ projectId: null, key: `settle:${haltId}`, command: { kind: "settle-halt", haltId } }));
  const requests = new Map((await reader.getMany(requestKind, [...new Set(held.map((one) => one.requestId))])).map((row) => [row.id, row]));
  return held.flatMap(({ id, requestId, version }) => {
    const request = requests.get(requestId);
    if (request === undefined) return [];
    return [
      {
        projectId: request.projectId,
        key: `resume:${id}:${version}:${request.version}`,
        command: { kind: "resume-attempt", attemptId: id },
      },
    ];
  });
}

async function heldBy(reader: Reader, halts: ReadonlySet<string>) {
  const found = [];
  for (let afterId: string | undefined; found.length < batch;) {
    const page = await reader.find(attemptKind, {
      where: { state: ["leased", "paused"] },
      limit: batch,
      ...(afterId === undefined ? {} : { afterId }),
    });
    found.push(...page.filter((attempt) => typeof attempt.heldById === "string" && halts.has(attempt.heldById)));
    afterId = page.at(-1)?.id;
    if (page.length < batch) break;
  }
  return found.slice(0, batch);
}
