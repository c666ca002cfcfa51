import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { Route } from "lucide-react";
import { useMemo, useRef } from "react";
import { twMerge } from "tailwind-merge";
import type { PlannedTaskState, PlanTaskDocument } from "../../../../contract/plan-contract.ts";
import { IntervalBar } from "../../marks/interval-bar.tsx";
import { PerformerName } from "../../marks/performer-name.tsx";
import { StateMark } from "../../marks/state-mark.tsx";
import { Lasting } from "../../shell/clock.tsx";
import { hoursText } from "../../shell/words.ts";
import { planDepths } from "./plan-order.ts";

interface TableProps {
  readonly tasks: readonly PlanTaskDocument[];
  readonly stateOf: (task: string) => PlannedTaskState | undefined;
  readonly criticalPath: readonly string[];
  readonly selected: string | undefined;
  readonly onSelect: (task: string) => void;
}

const head = "px-2 py-1.5 text-left text-xs font-medium text-ink-3 first:pl-0 last:pr-0";
const cell = "h-10 px-2 py-1 align-middle first:pl-0 last:pr-0";

/** The plan as rows: what, who, how long, where it stands. Selecting a row selects the box in the graph. */
export function PlanTable(props: TableProps) {
  const maxHours = props.tasks.reduce((most, task) => Math.max(most, task.estimate.highHours), 0);
  const depths = useMemo(() => planDepths(props.tasks), [props.tasks]);
  const place = useRef<HTMLTableElement>(null);
  const virtual = useWindowVirtualizer({
    count: props.tasks.length,
    estimateSize: () => rowHeight,
    overscan: 15,
    scrollMargin: place.current?.offsetTop ?? 0,
    enabled: props.tasks.length > maxPlainRows,
  });
  const drawn = props.tasks.length > maxPlainRows ? virtual.getVirtualItems().map((row) => row.index) : props.tasks.map((_, at) => at);
  const above = (drawn[0] ?? 0) * rowHeight;
  const below = (props.tasks.length - 1 - (drawn.at(-1) ?? props.tasks.length - 1)) * rowHeight;
  return (
    <table ref={place} className="w-full table-fixed" aria-rowcount={props.tasks.length + 1}>
      <caption className="sr-only">Tasks of the plan</caption>
      <thead>
        <tr className="border-b border-line-strong">
          <th scope="col" className={head}>
            Task
          </th>
          <th scope="col" className={`${head} w-32 max-sm:w-24`}>
            State
          </th>
          <th scope="col" className={`${head} w-40 max-md:hidden`}>
            Performer
          </th>
          <th scope="col" className={`${head} w-36 text-right max-sm:w-16`}>
            Likely<span className="max-sm:sr-only"> effort</span>
          </th>
        </tr>
      </thead>
      <tbody>
        <Space height={above} />
        {drawn.map((at) => {
          const task = props.tasks[at];
          return task === undefined ? null : (
            <TaskRow key={task.task} task={task} maxHours={maxHours} depth={depths.get(task.task) ?? 0} {...props} />
          );
        })}
        <Space height={below} />
      </tbody>
    </table>
  );
}

/** Up to so many rows are simply drawn; of more, those in sight. */
const maxPlainRows = 200;
const rowHeight = 40;
/** Deeper ones are not indented further: the names would have no room. */
const maxIndent = 6;

const Space = ({ height }: { readonly height: number }) =>
  height <= 0 ? null : (
    <tr aria-hidden="true">
      <td colSpan={4} className="p-0" style={{ height }} />
    </tr>
  );

function TaskRow({
  task,
  maxHours,
  depth,
  stateOf,
  criticalPath,
  selected,
  onSelect,
}: Omit<TableProps, "tasks"> & { readonly task: PlanTaskDocument; readonly maxHours: number; readonly depth: number }) {
  const planned = stateOf(task.task);
  const isSelected = selected === task.task;
  return (
    <tr className={twMerge("border-b border-line hover:bg-wash", isSelected && "bg-accent-wash hover:bg-accent-wash")}>
      <td className={cell}>
        <span className="flex min-w-0 items-center gap-1.5" style={{ paddingLeft: Math.min(depth, maxIndent) * 14 }}>
          {criticalPath.includes(task.task) && (
            <span title="On the critical path" className="shrink-0 text-accent">
              <Route size={13} aria-hidden="true" />
              <span className="sr-only">On the critical path. </span>
            </span>
          )}
          <button
            type="button"
            data-row
            aria-pressed={isSelected}
            onClick={() => onSelect(task.task)}
            className="min-h-6 min-w-0 text-left font-medium hover:underline sm:truncate"
          >
            {task.title}
          </button>
        </span>
      </td>
      <td className={`${cell} text-sm`}>
        <StateMark state={planned?.state ?? "proposed"} />
        {planned !== undefined && planned.attemptCount > 1 && (
          <span className="ml-1 text-xs text-ink-3" title={`${planned.attemptCount} attempts`}>
            ×{planned.attemptCount}
          </span>
        )}
      </td>
      <td className={`${cell} text-sm max-md:hidden`}>
        <WhoCell task={task} planned={planned} />
      </td>
      <EffortCell task={task} maxHours={maxHours} />
    </tr>
  );
}

function WhoCell({ task, planned }: { readonly task: PlanTaskDocument; readonly planned: PlannedTaskState | undefined }) {
  const executor = planned?.executor ?? task.executor;
  if (planned?.performer) return <PerformerName kind={planned.performer.kind} name={planned.performer.name} executor={executor} />;
  return <PerformerName kind="persona" name={task.persona} executor={executor} />;
}

/** Why a task that does not move does not move. */
export function HeldBack({ planned }: { readonly planned: PlannedTaskState }) {
  if (planned.blockedBy === null) return null;
  return (
    <span className="text-sm text-wait">
      {planned.blockedBy}, <Lasting sinceMs={planned.stateSinceMs} />
    </span>
  );
}

function EffortCell({ task, maxHours }: { readonly task: PlanTaskDocument; readonly maxHours: number }) {
  return (
    <td className={`${cell} text-right text-sm`}>
      <span className="grid grid-cols-[minmax(0,1fr)_3.5rem] items-center gap-2 max-sm:grid-cols-1">
        <span className="max-sm:hidden">
          <IntervalBar
            p50={task.estimate.lowHours}
            p80={task.estimate.likelyHours}
            p90={task.estimate.highHours}
            max={maxHours}
            of={`Effort of ${task.title}`}
            names={["low", "likely", "high"]}
          />
        </span>
        <span className="whitespace-nowrap text-ink-2">{hoursText(task.estimate.likelyHours)}</span>
      </span>
    </td>
  );
}
