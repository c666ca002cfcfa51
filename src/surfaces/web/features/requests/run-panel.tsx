import { Link } from "@tanstack/react-router";
import type { ProgressDocument } from "../../../../contract/progress-contract.ts";
import { PerformerName } from "../../marks/performer-name.tsx";
import { StateMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Section } from "../../shell/page.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { countText } from "../../shell/words.ts";

type Task = ProgressDocument["tasks"][number];

/** Rows of one part; the plan holds them all. */
const maxRows = 100;

const parts: readonly (readonly [title: string, states: readonly Task["status"][]])[] = [
  ["At work", ["running", "assigned"]],
  ["Held up", ["blocked", "escalated", "failed"]],
  ["Ready", ["ready", "rework"]],
  ["In review", ["in-review"]],
];

/** What is being done right now, by whom, and what holds the rest. */
export function RunPanel({ progress }: { readonly progress: ProgressDocument }) {
  const shown = parts
    .map(([title, states]) => ({ title, tasks: progress.tasks.filter((task) => states.includes(task.status)) }))
    .filter((part) => part.tasks.length > 0);
  if (shown.length === 0) return <p className="text-ink-2">Nothing runs now. {progress.headline}</p>;
  return (
    <div className="flex flex-col gap-6">
      {shown.map(({ title, tasks }) => (
        <Section key={title} bare title={title} aside={countText(tasks.length, "task")}>
          <RunTable caption={title} tasks={tasks.slice(0, maxRows)} label={progress.request} rehearsal={progress.summary.rehearsal} />
          {tasks.length > maxRows && <p className="text-sm text-ink-3">The first {maxRows} are shown; the plan holds them all.</p>}
        </Section>
      ))}
    </div>
  );
}

interface RunTableProps {
  readonly caption: string;
  readonly tasks: readonly Task[];
  readonly label: string;
  readonly rehearsal: boolean;
}

function RunTable({ caption, tasks, label, rehearsal }: RunTableProps) {
  return (
    <Table
      caption={caption}
      head={
        <>
          <Th>Task</Th>
          <Th>State</Th>
          <Th className="max-sm:hidden">Performer</Th>
          <Th className="max-md:hidden">How</Th>
          <Th number className="max-md:hidden">
            Attempts
          </Th>
          <Th number>Since</Th>
        </>
      }
    >
      {tasks.map((task) => (
        <Row key={task.task_id}>
          <Td className="w-2/5 max-w-0">
            <Link to="/task/$" params={{ _splat: `${label}/${task.task}` }} data-row className="block truncate font-medium hover:underline">
              {task.title}
            </Link>
            {task.status !== "running" && task.blocked_by.length > 0 && (
              <span className="block truncate text-xs text-wait">{task.blocked_by.join(", ")}</span>
            )}
          </Td>
          <Td className="w-32 text-sm">
            <StateMark state={task.status} />
            {task.checking && <span className="block text-xs text-ink-3">being checked</span>}
          </Td>
          <Td className="w-44 text-sm max-sm:hidden">
            {task.performer !== null && <PerformerName kind={task.performer.kind} name={task.performer.name} executor={task.executor} />}
          </Td>
          <Td className="w-24 text-sm text-ink-3 max-md:hidden">{task.executor}</Td>
          <Td number className="w-20 text-sm text-ink-3 max-md:hidden">
            {task.attempts}
          </Td>
          <Td number className="w-24 text-sm text-ink-3">
            <Ago atMs={task.since} rehearsal={rehearsal} />
          </Td>
        </Row>
      ))}
    </Table>
  );
}
