import type { ReviewDocument } from "../../../../contract/task-contract.ts";
import { PerformerName } from "../../marks/performer-name.tsx";
import { StateMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Section } from "../../shell/page.tsx";
import { Evidence } from "./criteria-list.tsx";

const outcomeWords: Readonly<Record<NonNullable<ReviewDocument["outcome"]>, string>> = {
  pass: "passed it",
  rework: "sent it back",
  reassign: "asked for another performer",
  escalate: "gave it to a person",
};

/** Who judged what somebody else did, and on what. */
export function ReviewList({ reviews }: { readonly reviews: readonly ReviewDocument[] }) {
  if (reviews.length === 0) return null;
  return (
    <Section title="Reviews">
      <ol className="flex flex-col">
        {reviews
          .toSorted((left, right) => right.round - left.round)
          .map((review) => (
            <li key={review.id} className="flex flex-col gap-1 border-b border-line py-2 last:border-0">
              <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
                <span className="font-semibold">Round {review.round}</span>
                <PerformerName kind={review.reviewer.kind} name={review.reviewer.name} />
                <span>{review.outcome === null ? <StateMark state={review.state} /> : outcomeWords[review.outcome]}</span>
                <span className="text-ink-3">
                  <Ago atMs={review.decidedAtMs ?? review.openedAtMs} />
                </span>
              </p>
              {review.verdicts.map((verdict) => (
                <Evidence key={verdict.criterionId} result={verdict} />
              ))}
            </li>
          ))}
      </ol>
    </Section>
  );
}
