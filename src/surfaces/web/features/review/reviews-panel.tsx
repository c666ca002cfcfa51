import { Link } from "@tanstack/react-router";
import type { ProgressDocument } from "../../../../contract/progress-contract.ts";
import { StateMark } from "../../marks/state-mark.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { countText } from "../../shell/words.ts";

/** Rows shown; more are in the plan's table. */
const maxRows = 200;

/** Every task that was handed in, with what its last round came to. The evidence is one link away, on the task. */
export function ReviewsPanel({ progress }: { readonly progress: ProgressDocument }) {
  const judged = progress.tasks.filter((task) => task.gate !== null);
  if (judged.length === 0) return <p className="text-ink-2">Nothing was handed in for review yet.</p>;
  const waiting = judged.filter((task) => task.status === "in-review").length;
  const back = judged.filter((task) => (task.gate?.round ?? 0) > 1).length;
  return (
    <div className="flex flex-col gap-3">
      <p className="text-ink-2">
        {`${countText(judged.length, "task")} handed in; ${waiting} under review, ${back} needed more than one round.`}
      </p>
      <Table
        caption="Reviews of the last round"
        head={
          <>
            <Th>Task</Th>
            <Th>State</Th>
            <Th number>Round</Th>
            <Th number>Passed</Th>
            <Th number>Failed</Th>
            <Th number className="max-sm:hidden">
              Waiting
            </Th>
          </>
        }
      >
        {judged.slice(0, maxRows).map((task) => (
          <Row key={task.task_id}>
            <Td className="w-1/2 max-w-0">
              <Link
                to="/task/$"
                params={{ _splat: `${progress.request}/${task.task}` }}
                data-row
                className="block truncate font-medium hover:underline"
              >
                {task.title}
              </Link>
            </Td>
            <Td className="w-32 text-sm">
              <StateMark state={task.status} />
            </Td>
            <Td number>{task.gate?.round}</Td>
            <Td number>{task.gate?.passed}</Td>
            <Td number className={(task.gate?.failed ?? 0) > 0 ? "font-semibold text-bad" : ""}>
              {task.gate?.failed}
            </Td>
            <Td number className="max-sm:hidden">
              {task.gate?.waiting}
            </Td>
          </Row>
        ))}
      </Table>
    </div>
  );
}
