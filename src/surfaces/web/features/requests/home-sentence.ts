import type { InboxItemSummary } from "../../../../contract/inbox-contract.ts";
import type { RequestSummary } from "../../../../contract/request-contract.ts";
import { countText, durationText } from "../../shell/words.ts";

/** A piece of the answer; with an address it leads to the rows it was made from. */
export interface SentencePart {
  readonly text: string;
  readonly to?: "/inbox" | "/requests" | { readonly request: string } | { readonly item: string };
  readonly tone?: "bad";
}

export const isOver = (state: RequestSummary["state"]): boolean => ["delivered", "closed", "cancelled", "rejected"].includes(state);

/** Longer than this, and somebody else's wait is worth a word. */
const longWaitMs = 3_600_000;

function needs(items: readonly InboxItemSummary[]): readonly SentencePart[] {
  const mine = items.filter((item) => item.mine);
  if (mine.length === 0) return [{ text: "Nothing needs you" }];
  const overdue = mine.filter((item) => item.overdue).length;
  return [
    { text: countText(mine.length, "thing"), to: "/inbox" },
    { text: mine.length === 1 ? " needs you" : " need you" },
    ...(overdue === 0 ? [] : [{ text: `, ${overdue} overdue`, tone: "bad" as const }]),
  ];
}

/** The one question that has waited longest for others. */
function longestWait(items: readonly InboxItemSummary[], nowMs: number): readonly SentencePart[] {
  const others = items.filter((item) => !item.mine && !item.rehearsal && nowMs - item.askedAtMs >= longWaitMs);
  const [first] = others.toSorted((one, other) => one.askedAtMs - other.askedAtMs);
  if (first === undefined) return [];
  const who = first.delegate?.name ?? (first.roles.length === 0 ? "any member" : `a ${first.roles.join(" or ")}`);
  return [
    { text: "; " },
    { text: first.requestLabel, to: { item: first.id } },
    { text: ` waits since ${durationText(nowMs - first.askedAtMs)} for ${who}` },
  ];
}

function running(rows: readonly RequestSummary[], hasMore: boolean): readonly SentencePart[] {
  const count = rows.filter((row) => !isOver(row.state)).length;
  if (count === 0) return [{ text: "." }];
  return [
    { text: ". " },
    { text: hasMore ? `${count} or more requests` : countText(count, "request"), to: "/requests" },
    { text: count === 1 && !hasMore ? " is under way." : " are under way." },
  ];
}

/** What needs the reader, what waits longest for others, what runs: one sentence or two, each figure with its rows. */
export function homeSentence(
  items: readonly InboxItemSummary[],
  requests: { readonly rows: readonly RequestSummary[]; readonly hasMore: boolean },
  nowMs: number,
): readonly SentencePart[] {
  return [...needs(items), ...longestWait(items, nowMs), ...running(requests.rows, requests.hasMore)];
}
