import { Route } from "lucide-react";
import { twMerge } from "tailwind-merge";
import type { PlannedTaskState, PlanTaskDocument } from "../../../../contract/plan-contract.ts";
import { IntervalBar } from "../../marks/interval-bar.tsx";
import { PerformerName } from "../../marks/performer-name.tsx";
import { StateMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";
import { hoursText } from "../../shell/words.ts";

interface TableProps {
  readonly tasks: readonly PlanTaskDocument[];
  readonly stateOf: (task: string) => PlannedTaskState | undefined;
  readonly criticalPath: readonly string[];
  readonly selected: string | undefined;
  readonly onSelect: (task: string) => void;
}

const head = "px-2 py-1.5 text-left text-xs font-medium text-ink-3 first:pl-0 last:pr-0";
const cell = "h-8 px-2 py-1 align-middle first:pl-0 last:pr-0";

/** The plan as rows: what, who, how long, where it stands. Selecting a row selects the box in the graph. */
export function PlanTable(props: TableProps) {
  const maxHours = Math.max(0, ...props.tasks.map((task) => task.estimate.highHours));
  return (
    <table className="w-full table-fixed">
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
        {props.tasks.map((task) => (
          <TaskRow key={task.task} task={task} maxHours={maxHours} {...props} />
        ))}
      </tbody>
    </table>
  );
}

function TaskRow({
  task,
  maxHours,
  stateOf,
  criticalPath,
  selected,
  onSelect,
}: Omit<TableProps, "tasks"> & { readonly task: PlanTaskDocument; readonly maxHours: number }) {
  const planned = stateOf(task.task);
  const isSelected = selected === task.task;
  return (
    <tr className={twMerge("border-b border-line hover:bg-wash", isSelected && "bg-accent-wash hover:bg-accent-wash")}>
      <td className={cell}>
        <span className="flex min-w-0 items-center gap-1.5">
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
    </tr>
  );
}

function WhoCell({ task, planned }: { readonly task: PlanTaskDocument; readonly planned: PlannedTaskState | undefined }) {
  if (planned?.performer) return <PerformerName kind={planned.performer.kind} name={planned.performer.name} />;
  return <PerformerName kind="persona" name={task.persona} />;
}

/** Why a task that does not move does not move. */
export function HeldBack({ planned }: { readonly planned: PlannedTaskState }) {
  if (planned.blockedBy === null) return null;
  return (
    <span className="text-sm text-wait">
      {planned.blockedBy}, since <Ago atMs={planned.stateSinceMs} />
    </span>
  );
}
