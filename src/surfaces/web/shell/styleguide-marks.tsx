import { AuthorityStamp } from "../marks/authority-stamp.tsx";
import { DueClock } from "../marks/due-clock.tsx";
import { IntervalBar } from "../marks/interval-bar.tsx";
import { ItemKindMark, itemKindWord } from "../marks/item-kind.tsx";
import { OriginTag } from "../marks/origin-tag.tsx";
import { PerformerName } from "../marks/performer-name.tsx";
import { QualityWhisker } from "../marks/quality-whisker.tsx";
import { RehearsalBadge, RehearsalBand } from "../marks/rehearsal-badge.tsx";
import { SmallRail, StageRail } from "../marks/stage-rail.tsx";
import { railOfRow, stages, type StageView } from "../marks/stages.ts";
import { RiskMark, StateMark } from "../marks/state-mark.tsx";
import { useNowMs } from "./clock.tsx";
import { Part, type ShownTheme } from "./styleguide-part.tsx";

const hourMs = 3_600_000;
const minutesSpent = [0, 4, 31, 2, 190, 0, 0];
const marks = ["done", "done", "done", "done", "current", "ahead", "ahead"] as const;

const rail: readonly StageView[] = stages.map((stage, at) => ({
  stage,
  mark: marks[at] ?? "ahead",
  spentMs: at < 5 ? (minutesSpent[at] ?? 0) * 60_000 : null,
}));

const states = [
  "ready",
  "running",
  "in-review",
  "rework",
  "blocked",
  "escalated",
  "passed",
  "failed",
  "cancelled",
  "awaiting-approval",
  "delivered",
];
const kinds = ["approval", "question", "check", "patch", "mention", "escalation", "unknown-effect"] as const;

function Clocks() {
  const now = useNowMs();
  return (
    <p className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
      <DueClock askedAtMs={now - hourMs} dueAtMs={now + 3 * hourMs} />
      <DueClock askedAtMs={now - 3 * hourMs} dueAtMs={now + hourMs / 2} />
      <DueClock askedAtMs={now - 9 * hourMs} dueAtMs={now - hourMs} />
      <DueClock askedAtMs={now} dueAtMs={null} paused />
    </p>
  );
}

function Origins({ theme }: { readonly theme: ShownTheme }) {
  const now = useNowMs();
  return (
    <Part theme={theme} title="Who, and from where">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2 text-sm">
        <PerformerName kind="person" name="Dana Ortiz" />
        <PerformerName kind="persona" name="senior_architect" />
        <OriginTag origin="person" />
        <OriginTag origin="rule" />
        <OriginTag origin="persona" />
        <OriginTag origin="outside" />
      </div>
      <div>
        <AuthorityStamp what="Approve" who="Dana Ortiz" rule="plan.approve:director" atMs={now - 4 * hourMs} soloWaiver />
      </div>
    </Part>
  );
}

/** The product's own marks; the same wherever they stand. */
export function StyleguideMarks({ theme }: { readonly theme: ShownTheme }) {
  return (
    <>
      <Part theme={theme} title="The rail: where a request is">
        <StageRail views={rail} />
        <p className="flex flex-wrap items-center gap-6">
          <SmallRail views={railOfRow({ stage: "execution", state: "active" })} />
          <SmallRail views={railOfRow({ stage: "decomposition", state: "awaiting-approval" })} />
          <SmallRail views={railOfRow({ stage: "review", state: "cancelled" })} />
        </p>
      </Part>
      <Part theme={theme} title="States, risk, clocks">
        <p className="flex flex-wrap gap-x-5 gap-y-1.5 text-sm">
          {states.map((state) => (
            <StateMark key={state} state={state} />
          ))}
        </p>
        <p className="flex flex-wrap gap-5 text-sm">
          <RiskMark risk="low" />
          <RiskMark risk="medium" />
          <RiskMark risk="high" />
        </p>
        <Clocks />
      </Part>
      <Part theme={theme} title="What is asked">
        <p className="flex flex-wrap gap-x-5 gap-y-1.5 text-sm">
          {kinds.map((kind) => (
            <span key={kind} className="inline-flex items-center gap-1.5">
              <ItemKindMark kind={kind} />
              <span aria-hidden="true">{itemKindWord(kind)}</span>
            </span>
          ))}
        </p>
      </Part>
      <Part theme={theme} title="Measured and forecast">
        <div className="flex flex-wrap items-center gap-x-8 gap-y-2">
          <span className="w-56">
            <IntervalBar p50={40} p80={64} p90={92} max={100} of="effort" />
          </span>
          <QualityWhisker of="quality of the code analyst" mean={0.82} low={0.64} high={0.93} n={23} />
          <QualityWhisker of="quality of the editor" mean={0} low={0} high={0} n={0} />
        </div>
      </Part>
      <Origins theme={theme} />
      <Part theme={theme} title="Rehearsal">
        <div className="self-start">
          <RehearsalBadge />
        </div>
        <RehearsalBand />
      </Part>
    </>
  );
}
