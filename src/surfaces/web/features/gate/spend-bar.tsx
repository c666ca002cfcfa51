import type { BudgetDocument } from "../../../../contract/budget-contract.ts";
import { amountOf, levelOf, type Measure } from "./budget-data.ts";

interface SpendBarProps {
  readonly budget: BudgetDocument;
  readonly measure: Measure;
  readonly currency: string;
}

const fills: { readonly [level in BudgetDocument["level"]]: string } = {
  open: "var(--accent)",
  unlimited: "var(--accent)",
  warned: "var(--wait)",
  holding: "var(--wait)",
  stopped: "var(--bad)",
};

/** What is spent (solid) and reserved (light) of a cap, with the numbers beneath. A measure without a cap has no bar. */
export function SpendBar({ budget, measure, currency }: SpendBarProps) {
  const cap = budget.caps[measure];
  const [booked, reserved] = [budget.booked[measure], budget.reserved[measure]];
  const text = (amount: number): string => amountOf(measure, amount, currency);
  return (
    <div className="flex min-w-0 flex-col gap-1">
      {cap !== null && <Bar budget={budget} cap={cap} booked={booked} reserved={reserved} />}
      <p className="flex flex-wrap gap-x-4 gap-y-0.5 text-sm tabular-nums">
        <span>
          <strong className="font-semibold">{text(booked)}</strong> spent{cap !== null && ` of ${text(cap)}`}
        </span>
        {reserved > 0 && <span className="text-ink-2">{text(reserved)} reserved</span>}
        {cap !== null && <span className="text-ink-2">{text(Math.max(0, cap - booked - reserved))} left</span>}
        {budget.overrun[measure] > 0 && (
          <span className="text-wait" title="What calls took beyond what was reserved for them; part of what is spent">
            {text(budget.overrun[measure])} beyond the reserve
          </span>
        )}
      </p>
    </div>
  );
}

function Bar({
  budget,
  cap,
  booked,
  reserved,
}: {
  readonly budget: BudgetDocument;
  readonly cap: number;
  readonly booked: number;
  readonly reserved: number;
}) {
  const part = (amount: number): number => (cap === 0 ? 100 : Math.min(100, (amount / cap) * 100));
  const fill = fills[budget.level];
  const { warnAt, holdAt } = budget.thresholds;
  const text = `${budget.label}: ${String(Math.round(part(booked)))} % spent, ${String(Math.round(part(reserved)))} % reserved, ${levelOf(budget).word}`;
  return (
    <svg role="img" aria-label={text} viewBox="0 0 100 8" preserveAspectRatio="none" className="h-2 w-full rounded-sm bg-wash">
      <title>{text}</title>
      <rect x="0" y="0" width={part(booked)} height="8" fill={fill} />
      <rect x={part(booked)} y="0" width={Math.max(0, Math.min(100 - part(booked), part(reserved)))} height="8" fill={fill} opacity="0.4" />
      {[warnAt, holdAt].map(
        (at) => at !== null && at < 1 && <rect key={at} x={at * 100} y="0" width="0.4" height="8" fill="var(--line-strong)" />,
      )}
    </svg>
  );
}
