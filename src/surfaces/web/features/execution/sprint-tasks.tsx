import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import type { SprintDocument } from "../../../../contract/work-contract.ts";
import { StateMark } from "../../marks/state-mark.tsx";
import { announce } from "../../shell/announce.tsx";
import { Button, IconButton } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { ActError } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { countText } from "../../shell/words.ts";
import { hoursText } from "./sprint-hours.ts";
import { planTask } from "./sprints-data.ts";

interface TasksProps {
  readonly sprint: SprintDocument;
  /** Whether the reader may plan now. */
  readonly open: boolean;
  readonly onPlan: () => void;
}

/** The tasks of a sprint with their hours; one can be taken out, one planned. */
export function SprintTasks({ sprint, open, onPlan }: TasksProps) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string) => planTask(id, null),
    onSuccess: async () => {
      announce("The task is planned for no sprint now.");
      await client.invalidateQueries();
    },
  });
  return (
    <Section
      title="Tasks"
      aside={
        open ? (
          <Button tone="quiet" onClick={onPlan}>
            Plan a task
          </Button>
        ) : (
          countText(sprint.taskRows.length, "task")
        )
      }
    >
      <ActError error={remove.error} />
      {sprint.taskRows.length === 0 ? (
        <p className="text-sm text-ink-2">No task is planned for it.</p>
      ) : (
        <Table caption="Tasks of the sprint" head={<Heads open={open} />}>
          {sprint.taskRows.map((task) => (
            <TaskRow key={task.id} task={task} onRemove={open ? () => remove.mutate(task.id) : null} />
          ))}
        </Table>
      )}
    </Section>
  );
}

const Heads = ({ open }: { readonly open: boolean }) => (
  <>
    <Th>Task</Th>
    <Th>State</Th>
    <Th className="hidden sm:table-cell">Performer</Th>
    <Th number>Hours</Th>
    {open && (
      <Th>
        <span className="sr-only">Take it out</span>
      </Th>
    )}
  </>
);

interface RowProps {
  readonly task: SprintDocument["taskRows"][number];
  /** Null: it stays. */
  readonly onRemove: (() => void) | null;
}

const TaskRow = ({ task, onRemove }: RowProps) => (
  <Row>
    <Td>
      <Link to="/task/$" params={{ _splat: task.label }} data-row className="font-medium underline-offset-2 hover:underline">
        {task.title}
      </Link>
      <span className="block font-mono text-xs break-all text-ink-3">{task.label}</span>
    </Td>
    <Td>
      <StateMark state={task.state} />
    </Td>
    <Td className="hidden text-sm text-ink-2 sm:table-cell">{task.performer?.name ?? "nobody yet"}</Td>
    <Td number>{hoursText(task.hours)}</Td>
    {onRemove !== null && (
      <Td number>
        <IconButton label={`Take ${task.title} out`} onClick={onRemove}>
          <X size={14} aria-hidden="true" />
        </IconButton>
      </Td>
    )}
  </Row>
);
