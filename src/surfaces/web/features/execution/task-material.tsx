import { Link } from "@tanstack/react-router";
import type { TaskDetail } from "../../../../contract/task-contract.ts";
import { contentUrl } from "../../api.ts";
import { StateMark } from "../../marks/state-mark.tsx";
import { Section } from "../../shell/page.tsx";
import { plainWords } from "../../shell/words.ts";

/** What the task works from, what it waits for, and who waits for it. */
export function Material({ task }: { readonly task: TaskDetail }) {
  const files = [
    ...task.inputs.flatMap((input) => input.artifacts.map((file) => ({ from: input.name, file }))),
    ...task.upstream.flatMap((one) => one.outputs.map((file) => ({ from: plainWords(one.task), file }))),
  ];
  return (
    <>
      {files.length > 0 && (
        <Section title="Works from">
          <ul className="text-sm">
            {files.map(({ from, file }) => (
              <li key={`${from} ${file.name}`} className="flex flex-wrap gap-x-2 py-0.5">
                <a
                  href={contentUrl(file.sha256)}
                  target="_blank"
                  rel="noopener noreferrer"
                  className="inline-flex min-h-6 items-center text-accent underline"
                >
                  {file.name}
                </a>
                <span className="leading-6 text-ink-3">{from}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Neighbours title="Depends on" tasks={task.dependsOn} label={task.requestLabel} />
      <Neighbours title="Needed by" tasks={task.dependents} label={task.requestLabel} />
    </>
  );
}

function Neighbours({ title, tasks, label }: { readonly title: string; readonly tasks: TaskDetail["dependsOn"]; readonly label: string }) {
  if (tasks.length === 0) return null;
  return (
    <Section title={title}>
      <ul className="text-sm">
        {tasks.map((one) => (
          <li key={one.taskId} className="flex flex-wrap items-center justify-between gap-x-3 py-0.5">
            <Link to="/task/$" params={{ _splat: `${label}/${one.task}` }} className="inline-flex min-h-6 items-center underline">
              {one.title}
            </Link>
            <StateMark state={one.state} className="text-xs" />
          </li>
        ))}
      </ul>
    </Section>
  );
}
