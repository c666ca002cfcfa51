import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi, useNavigate } from "@tanstack/react-router";
import type { HandedIn, MyWorkDocument, TaskSummary } from "../../../../contract/task-contract.ts";
import { RehearsalBadge } from "../../marks/rehearsal-badge.tsx";
import { RiskMark, StateMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Page, PageHead, Section } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { countText, hoursText } from "../../shell/words.ts";
import { givenOnly } from "../requests/address-search.ts";
import { TagChoice } from "./tag-choice.tsx";
import { myWorkQuery } from "./task-queries.ts";

const route = getRouteApi("/framed/tasks");

/** What I hold, what I could take, and what became of what I handed in. */
export function TasksPage() {
  const { tag } = route.useSearch();
  const navigate = useNavigate();
  const query = useQuery(myWorkQuery(tag));
  return (
    <Page title="My work">
      <PageHead title="My work" answer={query.data === undefined ? null : answerOf(query.data)} />
      <TagChoice
        tag={tag}
        onChange={(next) => void navigate({ to: "/tasks", search: (before) => givenOnly({ ...before, tag: next }), replace: true })}
      />
      <Loaded query={query} rows={6}>
        {(work) => <Work work={work} tag={tag} />}
      </Loaded>
    </Page>
  );
}

function answerOf({ holding, offered, moreOffered, handedIn }: MyWorkDocument): string {
  const checking = handedIn.filter((one) => one.state === "checking").length;
  const hold = holding.length === 0 ? "You work on nothing now" : `You work on ${countText(holding.length, "task")}`;
  const open = offered.length === 0 ? "nothing is open to claim" : `${offered.length}${moreOffered ? " and more" : ""} can be claimed`;
  return `${hold}; ${open}${checking === 0 ? "" : `; ${checking} handed in and being checked`}.`;
}

function Work({ work, tag }: { readonly work: MyWorkDocument; readonly tag: string | undefined }) {
  const { holding, offered, moreOffered, handedIn } = work;
  if (holding.length + offered.length + handedIn.length === 0)
    return (
      <EmptyState
        act={
          <Link to="/requests" className="text-accent underline">
            See all requests
          </Link>
        }
      >
        {tag === undefined
          ? "No task is offered to people now. Tasks of approved plans that a person should do appear here."
          : `Nothing of yours has the tag ${tag}. Choose another one, or any.`}
      </EmptyState>
    );
  return (
    <>
      {holding.length > 0 && (
        <Section bare title="Yours">
          <TaskTable tasks={holding} caption="Tasks you work on" />
        </Section>
      )}
      {offered.length > 0 && (
        <Section
          bare
          title="Open to claim"
          aside={
            moreOffered ? (
              <Link to="/board" className="underline">
                More on the board
              </Link>
            ) : undefined
          }
        >
          <TaskTable tasks={offered} caption="Tasks open to claim" />
        </Section>
      )}
      {handedIn.length > 0 && (
        <Section bare title="Handed in">
          <HandedInTable items={handedIn} />
        </Section>
      )}
    </>
  );
}

function TaskTable({ tasks, caption }: { readonly tasks: readonly TaskSummary[]; readonly caption: string }) {
  return (
    <Table
      caption={caption}
      head={
        <>
          <Th>Task</Th>
          <Th className="max-sm:hidden">Request</Th>
          <Th>State</Th>
          <Th className="max-md:hidden">Risk</Th>
          <Th number>Effort</Th>
          <Th number className="max-md:hidden">
            Since
          </Th>
        </>
      }
    >
      {tasks.map((task) => (
        <Row key={task.id}>
          <Td className="w-2/5 max-w-0 max-sm:w-auto">
            <span className="flex min-w-0 items-center gap-2">
              <Link to="/task/$" params={{ _splat: task.label }} data-row className="min-w-0 truncate font-medium hover:underline">
                {task.title}
              </Link>
              {task.rehearsal && <RehearsalBadge />}
            </span>
          </Td>
          <Td className="max-w-0 truncate text-sm text-ink-2 max-sm:hidden">
            <span className="id">{task.requestLabel}</span> {task.requestTitle}
          </Td>
          <Td className="w-28 text-sm">
            <StateMark state={task.state} />
          </Td>
          <Td className="w-32 text-sm max-md:hidden">
            <RiskMark risk={task.risk} />
          </Td>
          <Td number className="w-16 text-sm text-ink-2">
            {hoursText(task.estimateHours)}
          </Td>
          <Td number className="w-24 text-sm text-ink-3 max-md:hidden">
            <Ago atMs={task.stateSinceMs} rehearsal={task.rehearsal} />
          </Td>
        </Row>
      ))}
    </Table>
  );
}

const outcomeWords = {
  pass: "passed it",
  rework: "sent it back",
  reassign: "asked for somebody else",
  escalate: "gave it to a person",
} as const;

/** What became of a hand-in, in one sentence made from its checks and reviews. */
function verdictOf(one: HandedIn): string {
  if (one.state === "checking") return "Being checked.";
  if (one.state === "cancelled") return "Given back or taken away.";
  const { passed, failed, waiting } = one.checks;
  const total = passed + failed + waiting;
  const checks = total === 0 ? "No check ran" : `${passed} of ${countText(total, "check")} passed${waiting > 0 ? `, ${waiting} wait` : ""}`;
  const reviews = one.reviews.map((review) =>
    review.outcome === null ? `${review.reviewer.name} looks at it` : `${review.reviewer.name} ${outcomeWords[review.outcome]}`,
  );
  return `${[checks, ...reviews].join("; ")}.`;
}

function HandedInTable({ items }: { readonly items: readonly HandedIn[] }) {
  return (
    <Table
      caption="What you handed in"
      head={
        <>
          <Th>Task</Th>
          <Th>The task now</Th>
          <Th className="max-sm:hidden">Verdict</Th>
          <Th number className="max-md:hidden">
            Handed in
          </Th>
        </>
      }
    >
      {items.map((one) => (
        <Row key={one.attemptId}>
          <Td className="w-2/5 max-w-0 align-top max-sm:w-auto">
            <Link to="/task/$" params={{ _splat: one.label }} data-row className="block min-h-6 truncate font-medium hover:underline">
              {one.title}
            </Link>
            <span className="text-xs text-ink-3 sm:hidden">{verdictOf(one)}</span>
          </Td>
          <Td className="w-32 align-top text-sm">
            <StateMark state={one.taskState} />
          </Td>
          <Td className="align-top text-sm text-ink-2 max-sm:hidden">
            {verdictOf(one)}
            {one.points.length > 0 && (
              <ul className="list-disc pl-4 text-wait">
                {one.points.map((point) => (
                  <li key={point}>{point}</li>
                ))}
              </ul>
            )}
          </Td>
          <Td number className="w-28 align-top text-sm text-ink-3 max-md:hidden">
            {one.endedAtMs === null ? "just now" : <Ago atMs={one.endedAtMs} />}
          </Td>
        </Row>
      ))}
    </Table>
  );
}
