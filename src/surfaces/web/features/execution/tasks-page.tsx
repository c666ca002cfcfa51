import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { TaskSummary } from "../../../../contract/task-contract.ts";
import { RehearsalBadge } from "../../marks/rehearsal-badge.tsx";
import { RiskMark, StateMark } from "../../marks/state-mark.tsx";
import { tasksQuery } from "../../queries.ts";
import { Ago } from "../../shell/clock.tsx";
import { Page, PageHead, Section } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { countText, hoursText } from "../../shell/words.ts";

/** What I do and what I could take. */
export function TasksPage() {
  const mine = useQuery(tasksQuery({ mine: "true" }));
  const ready = useQuery(tasksQuery({ state: "ready" }));
  // The server's list of mine also holds what I could claim; that stands below.
  const yours = mine.data?.items.filter((task) => task.mine);
  const open = ready.data?.items.filter((task) => task.mayClaim);
  return (
    <Page title="My work">
      <PageHead
        title="My work"
        answer={
          yours === undefined || open === undefined
            ? null
            : `${yours.length === 0 ? "You work on nothing now" : `You work on ${countText(yours.length, "task")}`}; ${open.length === 0 ? "nothing is open to claim" : `${open.length} can be claimed`}.`
        }
      />
      <Loaded query={mine} rows={2}>
        {() =>
          yours === undefined || yours.length === 0 ? null : (
            <Section bare title="Yours">
              <TaskTable tasks={yours} caption="Tasks you work on" />
            </Section>
          )
        }
      </Loaded>
      <Loaded query={ready} rows={4}>
        {() =>
          (open ?? []).length > 0 ? (
            <Section bare title="Open to claim">
              <TaskTable tasks={open ?? []} caption="Tasks open to claim" />
            </Section>
          ) : yours?.length === 0 ? (
            <EmptyState
              act={
                <Link to="/requests" className="text-accent underline">
                  See all requests
                </Link>
              }
            >
              No task is offered to people now. Tasks of approved plans that a person should do appear here.
            </EmptyState>
          ) : null
        }
      </Loaded>
    </Page>
  );
}

const head = "px-2 py-1.5 text-left text-xs font-medium text-ink-3 first:pl-0 last:pr-0";
const cell = "h-8 px-2 py-1 first:pl-0 last:pr-0";

function TaskTable({ tasks, caption }: { readonly tasks: readonly TaskSummary[]; readonly caption: string }) {
  return (
    <table className="w-full">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="border-b border-line-strong">
          <th scope="col" className={head}>
            Task
          </th>
          <th scope="col" className={`${head} max-sm:hidden`}>
            Request
          </th>
          <th scope="col" className={head}>
            State
          </th>
          <th scope="col" className={`${head} max-md:hidden`}>
            Risk
          </th>
          <th scope="col" className={`${head} text-right`}>
            Effort
          </th>
          <th scope="col" className={`${head} text-right max-md:hidden`}>
            Since
          </th>
        </tr>
      </thead>
      <tbody>
        {tasks.map((task) => (
          <tr key={task.id} className="arrive border-b border-line hover:bg-wash">
            <td className={`${cell} w-2/5 max-w-0 max-sm:w-auto`}>
              <span className="flex min-w-0 items-center gap-2">
                <Link to="/task/$" params={{ _splat: task.label }} data-row className="min-w-0 truncate font-medium hover:underline">
                  {task.title}
                </Link>
                {task.rehearsal && <RehearsalBadge />}
              </span>
            </td>
            <td className={`${cell} max-w-0 truncate text-sm text-ink-2 max-sm:hidden`}>
              <span className="font-mono text-xs">{task.requestLabel}</span> {task.requestTitle}
            </td>
            <td className={`${cell} w-28 text-sm`}>
              <StateMark state={task.state} />
            </td>
            <td className={`${cell} w-32 text-sm max-md:hidden`}>
              <RiskMark risk={task.risk} />
            </td>
            <td className={`${cell} w-16 text-right text-sm whitespace-nowrap text-ink-2`}>{hoursText(task.estimateHours)}</td>
            <td className={`${cell} w-24 text-right text-sm text-ink-3 max-md:hidden`}>
              <Ago atMs={task.stateSinceMs} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
