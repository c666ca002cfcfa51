import { found, type Lookup, text } from "../lookup.ts";
import type { Finding, StateRow } from "../world.ts";

/** I12: a message has one receipt, and after it nothing is sent until a person says so. */
export function checkOutbox(lookup: Lookup): readonly Finding[] {
  return lookup.rowsOf("notice").flatMap((notice) => {
    const problem = problemOf(lookup, notice);
    return problem === null ? [] : [found("I12", problem, { lookup, row: notice })];
  });
}

function problemOf(lookup: Lookup, notice: StateRow): string | null {
  let isReceived = false;
  for (const event of lookup.stream(notice.organizationId, notice.id)) {
    if (isReceived && event.kind !== "notice.replayed") return `After its receipt a message went on with ${event.kind}.`;
    isReceived = event.kind === "notice.sent";
  }
  if (isReceived !== (text(notice, "state") === "sent")) return "The state of a message and its receipt do not agree.";
  return null;
}
