import type { SprintDocument } from "../../../../contract/work-contract.ts";
import { Section } from "../../shell/page.tsx";
import { dayText } from "../../shell/words.ts";
import { hoursText } from "./sprint-hours.ts";

const width = 600;
const height = 140;

/** Hours left after each acceptance, beside an even pace to the end. The figures stand in words below. */
export function Burndown({ sprint }: { readonly sprint: SprintDocument }) {
  const [first] = sprint.burndown;
  const total = first?.hours ?? 0;
  if (total === 0)
    return (
      <Section title="What is left">
        <p className="text-sm text-ink-2">There is nothing to draw before tasks are planned.</p>
      </Section>
    );
  const { startsAtMs, endsAtMs, nowMs } = sprint;
  const untilMs = Math.max(endsAtMs, ...sprint.burndown.map((point) => point.atMs));
  const x = (atMs: number): number => ((atMs - startsAtMs) / Math.max(1, untilMs - startsAtMs)) * width;
  const y = (hours: number): number => height - (hours / total) * height;
  const shownMs = Math.min(Math.max(nowMs, startsAtMs), untilMs);
  const last = sprint.burndown.at(-1);
  const steps = sprint.burndown.map((point) => `H ${x(point.atMs)} V ${y(point.hours)}`).join(" ");
  return (
    <Section title="What is left" aside={`${hoursText(last?.hours ?? total)} of ${hoursText(total)}`}>
      <svg
        viewBox={`-4 -4 ${width + 8} ${height + 8}`}
        role="img"
        aria-label={`${hoursText(last?.hours ?? total)} of ${hoursText(total)} left; ${dayText(startsAtMs)} to ${dayText(untilMs)}.`}
        className="w-full"
      >
        <line x1="0" y1={height} x2={width} y2={height} className="stroke-line-strong" />
        <line x1="0" y1="0" x2={x(endsAtMs)} y2={height} className="stroke-ink-3" strokeDasharray="4 4" vectorEffect="non-scaling-stroke" />
        <path
          d={`M 0 0 ${steps} H ${Math.max(x(shownMs), x(last?.atMs ?? startsAtMs))}`}
          fill="none"
          className="stroke-accent"
          strokeWidth="2"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <p className="flex justify-between text-xs text-ink-3">
        <span>{dayText(startsAtMs)}</span>
        <span>dashed: an even pace</span>
        <span>{dayText(untilMs)}</span>
      </p>
    </Section>
  );
}
