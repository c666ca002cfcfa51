import { type ClockCommand, clockCommand } from "../../core/oversight/decide-clock-step.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { requestKind } from "../../core/requests/request.ts";
import { itemProjectId, requestIdsOf } from "./item-place.ts";
import type { Reader } from "../ports/store.ts";

/** Items looked at in one sweep; the rest waits for the next. */
const batch = 100;

const open = { state: ["open", "delegated"] } as const;

/** What an item's clock asks for, with the key it is sent under. */
export interface DueItem {
  readonly projectId: string;
  readonly key: string;
  readonly command: ClockCommand;
}

/**
 * The commands of items whose clocks are due in the reader's projects; costs nothing while none is. The step itself is
 * taken once by its decision; the key only joins repeats within a minute, so a step that came too early is not lost.
 */
export async function dueItems(reader: Reader, nowMs: number): Promise<readonly DueItem[]> {
  const items = await reader.find(inboxItemKind, { where: open, dueBeforeMs: nowMs, limit: batch });
  if (items.length === 0) return [];
  const requests = new Map((await reader.getMany(requestKind, requestIdsOf(items))).map((request) => [request.id, request]));
  return items.flatMap((item) => {
    const projectId = itemProjectId(item, requests);
    const command = clockCommand(item, nowMs);
    if (projectId === undefined || command === null) return [];
    return [{ projectId, command, key: `due:${item.id}:${item.version}:${Math.floor(nowMs / 60_000)}` }];
  });
}

/** The first moment before `beforeMs` at which an item's clock is due; null: none. Looks at 100 of them. */
export async function nextItemDueMs(reader: Reader, beforeMs: number): Promise<number | null> {
  const items = await reader.find(inboxItemKind, { where: open, dueBeforeMs: beforeMs, limit: batch });
  return items.length === 0 ? null : Math.min(...items.map((item) => item.dueAtMs ?? beforeMs));
}
