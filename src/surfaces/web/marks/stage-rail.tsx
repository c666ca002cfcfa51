import { twMerge } from "tailwind-merge";
import { durationText } from "../shell/words.ts";
import { markText, railSentence, type StageMark, stageNames, type StageView } from "./stages.ts";

/** Shape tells the state without colour: full disc, ring with a point, ring with a bar, small hollow ring, square. */
function Knot({ mark, size }: { readonly mark: StageMark; readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" className="relative shrink-0">
      {mark === "done" && <circle cx="8" cy="8" r="4.5" fill="var(--ink-2)" />}
      {mark === "ahead" && <circle cx="8" cy="8" r="3.5" fill="var(--paper)" stroke="var(--line-strong)" strokeWidth="1.5" />}
      {mark === "skipped" && <path d="M4.5 8h7" stroke="var(--line-strong)" strokeWidth="2" />}
      {mark === "current" && (
        <>
          <circle cx="8" cy="8" r="6.5" fill="var(--paper)" stroke="var(--accent)" strokeWidth="2" />
          <circle cx="8" cy="8" r="3" fill="var(--accent)" className="breathe" />
        </>
      )}
      {mark === "waiting" && (
        <>
          <circle cx="8" cy="8" r="6.5" fill="var(--paper)" stroke="var(--wait)" strokeWidth="2" />
          <path d="M6.2 5v6M9.8 5v6" stroke="var(--wait)" strokeWidth="1.8" />
        </>
      )}
      {mark === "ended" && <rect x="3" y="3" width="10" height="10" rx="1" fill="var(--paper)" stroke="var(--bad)" strokeWidth="2" />}
    </svg>
  );
}

/** The rail in a list row: seven knots on a line, read as one sentence. */
export function SmallRail({ views }: { readonly views: readonly StageView[] }) {
  const sentence = railSentence(views);
  return (
    <span role="img" aria-label={sentence} title={sentence} className="relative inline-flex w-[108px] items-center justify-between">
      <span aria-hidden="true" className="absolute inset-x-1.5 h-px bg-line-strong/60" />
      {views.map((view) => (
        <Knot key={view.stage} mark={view.mark} size={["done", "ahead", "skipped"].includes(view.mark) ? 11 : 14} />
      ))}
    </span>
  );
}

const nameLook: Readonly<Record<StageMark, string>> = {
  done: "text-ink-2",
  current: "font-semibold text-accent",
  waiting: "font-semibold text-wait",
  ahead: "text-ink-3",
  skipped: "text-ink-3",
  ended: "font-semibold text-bad",
};

/** The knot on its piece of line: dark as far as the request has come. */
function Track({
  mark,
  first,
  last,
  size,
}: {
  readonly mark: StageMark;
  readonly first: boolean;
  readonly last: boolean;
  readonly size: number;
}) {
  return (
    <span aria-hidden="true" className="relative flex h-5 w-full items-center justify-center">
      {!first && <span className={twMerge("absolute right-1/2 left-0 h-0.5", mark === "ahead" ? "bg-line" : "bg-ink-2")} />}
      {!last && <span className={twMerge("absolute right-0 left-1/2 h-0.5", mark === "done" ? "bg-ink-2" : "bg-line")} />}
      <Knot mark={mark} size={size} />
    </span>
  );
}

function Station({ view, first, last }: { readonly view: StageView; readonly first: boolean; readonly last: boolean }) {
  const here = view.mark === "current" || view.mark === "waiting" || view.mark === "ended";
  return (
    <li aria-current={here ? "step" : undefined} className="flex min-w-0 flex-1 flex-col items-center gap-1">
      <Track mark={view.mark} first={first} last={last} size={here ? 20 : 16} />
      <span className={twMerge("max-w-full text-center text-xs @2xl:text-sm", nameLook[view.mark], !here && "@max-2xl:sr-only")}>
        {stageNames[view.stage]}
      </span>
      <span className={twMerge("text-xs text-ink-3", !here && "@max-2xl:sr-only")}>
        {view.spentMs === null ? (
          <span className="sr-only">{markText(view.mark)}</span>
        ) : (
          <>
            {durationText(view.spentMs)}
            <span className="sr-only">, {markText(view.mark)}</span>
          </>
        )}
      </span>
    </li>
  );
}

/** The rail of a request's page: name and time spent under every knot. */
export function StageRail({ views }: { readonly views: readonly StageView[] }) {
  return (
    <ol aria-label={`Stages. ${railSentence(views)}`} className="@container flex w-full items-start">
      {views.map((view, at) => (
        <Station key={view.stage} view={view} first={at === 0} last={at === views.length - 1} />
      ))}
    </ol>
  );
}
