import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { decisionLoadQuery } from "../../queries.ts";
import { durationText } from "../../shell/words.ts";

const perDay = (count: number): string => (count >= 10 ? String(Math.round(count)) : count.toFixed(1));

/** Decisions arrive faster than people take them: said once, with the numbers it was seen in. Otherwise nothing stands here. */
export function HomeLoad() {
  const query = useQuery(decisionLoadQuery);
  const load = query.data;
  if (load?.overloaded !== true) return null;
  return (
    <section aria-label="Too many decisions" className="flex items-start gap-2.5 rounded border border-wait bg-wait-wash p-3">
      <TriangleAlert size={16} aria-hidden="true" className="mt-0.5 shrink-0 text-wait" />
      <div className="flex min-w-0 flex-col gap-1">
        <p className="font-medium">
          Decisions arrive faster than they are taken: {perDay(load.arrivedPerDay)} a working day come, {perDay(load.answeredPerDay)} are
          answered. {load.open} are open{load.oldestAgeMs === null ? "" : `, the oldest since ${durationText(load.oldestAgeMs)}`}.
        </p>
        <p className="text-sm text-ink-2">
          {load.definition} n = {load.n}
          {load.complete ? "" : " or more"}. A rule that approves what is always approved, or another person with the role, helps.
        </p>
      </div>
    </section>
  );
}
