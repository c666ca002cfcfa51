import type { TimelineEntry } from "../contract/event-contract.ts";

/** Facts of one commit. */
interface Block {
  readonly atMs: number;
  readonly tasks: readonly string[];
  readonly entries: readonly TimelineEntry[];
}

/**
 * The story of a rehearsal in an order that does not depend on which of two workers was faster: at one simulated
 * instant, commits about different tasks stand in the order of the plan. What touches the same task, or none, keeps its place.
 *
 * @param taskKeys in the order of the plan
 */
export function steadyStory(story: readonly TimelineEntry[], taskKeys: readonly string[]): readonly TimelineEntry[] {
  const order = new Map(taskKeys.map((key, index) => [key, index]));
  const rank = (block: Block): number => Math.min(...block.tasks.map((task) => order.get(task) ?? 0));
  const placed: Block[] = [];
  for (const block of blocksOf(story)) {
    let at = placed.length;
    for (
      let before = placed[at - 1];
      before !== undefined && areApart(before, block) && rank(before) > rank(block);
      before = placed[at - 1]
    )
      at -= 1;
    placed.splice(at, 0, block);
  }
  return placed.flatMap((block) => block.entries);
}

const areApart = (one: Block, other: Block): boolean =>
  one.atMs === other.atMs && one.tasks.length > 0 && other.tasks.length > 0 && one.tasks.every((task) => !other.tasks.includes(task));

function blocksOf(story: readonly TimelineEntry[]): readonly Block[] {
  const blocks: { readonly commit: string; readonly entries: TimelineEntry[] }[] = [];
  for (const entry of story) {
    const commit = `${entry.cursor.split("-")[0] ?? ""} ${String(entry.atMs)}`;
    const last = blocks.at(-1);
    if (last?.commit === commit) last.entries.push(entry);
    else blocks.push({ commit, entries: [entry] });
  }
  return blocks.map(({ entries }) => ({ atMs: entries[0]?.atMs ?? 0, entries, tasks: [...new Set(entries.flatMap(taskOf))] }));
}

function taskOf({ data }: TimelineEntry): readonly string[] {
  const key = typeof data === "object" && data !== null && "taskKey" in data ? data["taskKey"] : undefined;
  return typeof key === "string" ? [key] : [];
}
