import { Link } from "@tanstack/react-router";
import type { PlannedTaskState, PlanTaskDocument } from "../../../../contract/plan-contract.ts";
import { columnOfState, columnOrder } from "../../../../core/execution/board.ts";
import { PerformerName } from "../../marks/performer-name.tsx";
import { Ago } from "../../shell/clock.tsx";
import { titleWords } from "../../shell/words.ts";
import { columnNames } from "../execution/board-moves.ts";

interface BoardProps {
  readonly reference: string;
  readonly tasks: readonly PlanTaskDocument[];
  readonly stateOf: (task: string) => PlannedTaskState | undefined;
  readonly selected: string | undefined;
  readonly onSelect: (task: string) => void;
}

/** Cards of one column; the table holds them all. */
const maxCards = 60;

/** The plan's tasks by state; selecting one selects it everywhere. They are moved on the board itself. */
export function PlanBoard({ reference, tasks, stateOf, selected, onSelect }: BoardProps) {
  return (
    <div className="relative flex min-w-0 flex-col gap-3 overflow-x-clip">
      <p className="text-sm text-ink-2">
        Tasks are moved on{" "}
        <Link to="/board" search={{ request: reference }} className="text-accent underline">
          the board of {reference}
        </Link>
        .
      </p>
      <div className="relative flex gap-2 overflow-x-auto">
        {columnOrder.map((column) => {
          const here = tasks.filter(
            (task) =>
              columnOfState(stateOf(task.task)?.state ?? "waiting") === column ||
              (column === "waiting" && stateOf(task.task)?.state === "proposed"),
          );
          return (
            <section
              key={column}
              aria-label={columnNames[column]}
              className="flex w-44 min-w-44 flex-1 flex-col gap-1.5 rounded bg-wash/60 p-2"
            >
              <h2 className="text-sm font-semibold">
                {columnNames[column]} <span className="font-normal text-ink-3">{here.length}</span>
              </h2>
              {here.slice(0, maxCards).map((task) => (
                <PlanCard
                  key={task.task}
                  task={task}
                  planned={stateOf(task.task)}
                  isSelected={selected === task.task}
                  onSelect={onSelect}
                />
              ))}
              {here.length > maxCards && <p className="text-xs text-ink-3">and {here.length - maxCards} more in the table</p>}
            </section>
          );
        })}
      </div>
    </div>
  );
}

interface CardProps {
  readonly task: PlanTaskDocument;
  readonly planned: PlannedTaskState | undefined;
  readonly isSelected: boolean;
  readonly onSelect: (task: string) => void;
}

function PlanCard({ task, planned, isSelected, onSelect }: CardProps) {
  return (
    <button
      type="button"
      data-row
      aria-pressed={isSelected}
      onClick={() => onSelect(task.task)}
      className={`flex flex-col items-start gap-0.5 rounded border bg-sheet px-2 py-1.5 text-left ${isSelected ? "border-accent bg-accent-wash" : "border-line"}`}
    >
      <span className="text-sm font-medium">{task.title}</span>
      <span className="flex w-full flex-wrap items-center justify-between gap-x-2 text-xs text-ink-3">
        {planned?.performer ? (
          <PerformerName kind={planned.performer.kind} name={planned.performer.name} executor={planned.executor} />
        ) : (
          <span>{titleWords(task.persona)}</span>
        )}
        {planned !== undefined && <Ago atMs={planned.stateSinceMs} />}
      </span>
    </button>
  );
}
