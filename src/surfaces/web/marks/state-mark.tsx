import {
  Ban,
  Check,
  CircleDashed,
  CircleDot,
  CircleHelp,
  CirclePause,
  CirclePlay,
  Clock,
  Hourglass,
  PackageCheck,
  RotateCcw,
  ScanEye,
  TriangleAlert,
  X,
} from "lucide-react";
import type { LucideIcon } from "lucide-react";
import { twMerge } from "tailwind-merge";
import { plainWords } from "../shell/words.ts";

type Tone = "idle" | "accent" | "good" | "wait" | "bad";

interface Look {
  readonly Icon: LucideIcon;
  readonly tone: Tone;
  readonly word?: string;
}

/** One mark per state, the same for requests, plans, tasks, attempts and items: shape, word, then colour. */
const looks: { readonly [state: string]: Look } = {
  proposed: { Icon: CircleDashed, tone: "idle" },
  waiting: { Icon: CircleDashed, tone: "idle" },
  submitted: { Icon: CircleDot, tone: "accent" },
  analysing: { Icon: CirclePlay, tone: "accent" },
  planning: { Icon: CirclePlay, tone: "accent" },
  "needs-input": { Icon: CircleHelp, tone: "wait", word: "needs an answer" },
  "awaiting-approval": { Icon: Hourglass, tone: "wait", word: "awaits approval" },
  active: { Icon: CirclePlay, tone: "accent" },
  integrating: { Icon: CirclePlay, tone: "accent" },
  delivered: { Icon: PackageCheck, tone: "good" },
  closed: { Icon: Check, tone: "good" },
  rejected: { Icon: X, tone: "bad" },
  cancelled: { Icon: Ban, tone: "idle" },
  paused: { Icon: CirclePause, tone: "wait" },
  ready: { Icon: CircleDot, tone: "accent" },
  assigned: { Icon: CircleDot, tone: "accent" },
  leased: { Icon: CircleDot, tone: "accent" },
  running: { Icon: CirclePlay, tone: "accent" },
  "in-review": { Icon: ScanEye, tone: "accent", word: "in review" },
  rework: { Icon: RotateCcw, tone: "wait" },
  passed: { Icon: Check, tone: "good" },
  pass: { Icon: Check, tone: "good", word: "passes" },
  integrated: { Icon: PackageCheck, tone: "good" },
  accepted: { Icon: Check, tone: "good" },
  approved: { Icon: Check, tone: "good" },
  answered: { Icon: Check, tone: "good" },
  blocked: { Icon: Hourglass, tone: "wait" },
  asked: { Icon: CircleHelp, tone: "wait" },
  escalated: { Icon: TriangleAlert, tone: "bad" },
  failed: { Icon: X, tone: "bad" },
  fail: { Icon: X, tone: "bad", word: "fails" },
  "timed-out": { Icon: Clock, tone: "bad", word: "timed out" },
  superseded: { Icon: Ban, tone: "idle" },
  open: { Icon: Hourglass, tone: "wait" },
};

const unknown: Look = { Icon: CircleDashed, tone: "idle" };

const toneLook: Readonly<Record<Tone, string>> = {
  idle: "text-ink-3",
  accent: "text-accent",
  good: "text-good",
  wait: "text-wait",
  bad: "text-bad",
};

export const stateWord = (state: string): string => looks[state]?.word ?? plainWords(state);

export const stateTone = (state: string): Tone => (looks[state] ?? unknown).tone;

export function StateMark({ state, className }: { readonly state: string; readonly className?: string }) {
  const { Icon, tone } = looks[state] ?? unknown;
  return (
    <span className={twMerge("inline-flex items-center gap-1.5 whitespace-nowrap", toneLook[tone], className)}>
      <Icon size={14} aria-hidden="true" className="shrink-0" />
      {stateWord(state)}
    </span>
  );
}

const riskLook: { readonly [risk: string]: string } = { low: "text-ink-3", medium: "text-wait", high: "text-bad" };

/** Risk as a word with one to three bars. */
export function RiskMark({ risk }: { readonly risk: "low" | "medium" | "high" }) {
  const bars = { low: 1, medium: 2, high: 3 }[risk];
  return (
    <span className={twMerge("inline-flex items-center gap-1.5 whitespace-nowrap", riskLook[risk])}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        {[0, 1, 2].map((at) => (
          <rect key={at} x={at * 4.5} y={8 - at * 4} width="3" height={4 + at * 4} fill="currentColor" opacity={at < bars ? 1 : 0.25} />
        ))}
      </svg>
      {risk} risk
    </span>
  );
}
