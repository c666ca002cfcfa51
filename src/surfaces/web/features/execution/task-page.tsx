import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import type { TaskAction, TaskDetail } from "../../../../contract/task-contract.ts";
import { api } from "../../api.ts";
import { PerformerName } from "../../marks/performer-name.tsx";
import { RehearsalBadge, RehearsalBand } from "../../marks/rehearsal-badge.tsx";
import { RiskMark, StateMark } from "../../marks/state-mark.tsx";
import { meQuery, taskQuery } from "../../queries.ts";
import { announce } from "../../shell/announce.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Button } from "../../shell/controls.tsx";
import { useMay } from "../../shell/may.ts";
import { useMoment } from "../../shell/moment-context.ts";
import { Facts, Page, PageHead, Section } from "../../shell/page.tsx";
import { ActError, Loaded } from "../../shell/states.tsx";
import { hoursText, moneyText, titleWords } from "../../shell/words.ts";
import { CriteriaList } from "../review/criteria-list.tsx";
import { ReviewList } from "../review/review-list.tsx";
import { WhyButton } from "../../shell/why-panel.tsx";
import { MarksLine } from "../memory/marks-line.tsx";
import { taskMarkdown } from "../requests/as-markdown.ts";
import { CopyMenu } from "../requests/copy-menu.tsx";
import { ServesLine } from "../oversight/objectives-serves.tsx";
import { TalkSlot } from "../requests/talk-slot.tsx";
import { PerformerWhy } from "./performer-why.tsx";
import { ReassignDialog } from "./reassign-dialog.tsx";
import { TaskContext } from "./task-context.tsx";
import { Material } from "./task-material.tsx";
import { standing } from "./task-standing.tsx";
import { TaskStory } from "./task-story.tsx";
import { taskWhy } from "./task-why.ts";
import { AttemptList } from "./attempt-list.tsx";
import { SubmitForm } from "./submit-form.tsx";
import { TaskUnderstanding } from "./task-understanding.tsx";

const route = getRouteApi("/framed/task/$");

/** What is being done, with what, and is it good. */
export function TaskPage() {
  const { _splat: reference = "" } = route.useParams();
  const query = useQuery(taskQuery(reference));
  return (
    <Page title={query.data === undefined ? reference : `${query.data.label} ${query.data.title}`} wide>
      {query.data === undefined && <h1 className="text-xl font-semibold">{reference}</h1>}
      <Loaded query={query} rows={12}>
        {(task) => <TaskBody task={task} />}
      </Loaded>
    </Page>
  );
}

/** The newest attempt that anybody judged: an attempt that still runs has no evidence to show. */
function lastJudged(task: TaskDetail): TaskDetail["attempts"][number] | undefined {
  const judged = task.attempts.filter(
    (attempt) => attempt.checks.length > 0 || task.reviews.some((review) => review.attemptId === attempt.id),
  );
  return judged.toSorted((left, right) => right.number - left.number)[0];
}

function TaskBody({ task }: { readonly task: TaskDetail }) {
  const judged = lastJudged(task);
  const verdicts = task.reviews.filter((review) => review.attemptId === judged?.id).flatMap((review) => review.verdicts);
  return (
    <>
      <PageHead
        over={
          <>
            <Link
              to="/requests/$reference"
              params={{ reference: task.requestLabel }}
              search={{ tab: "plan", task: task.task }}
              className="underline"
            >
              <span className="font-mono">{task.requestLabel}</span> {task.requestTitle}
            </Link>
            <StateMark state={task.state} />
            {task.rehearsal && <RehearsalBadge />}
            <WhyButton why={taskWhy(task)} />
          </>
        }
        title={task.title}
        answer={standing(task)}
        acts={
          <>
            <CopyMenu id={task.label} address={`/task/${task.label}`} markdown={() => taskMarkdown(task)} />
            <TaskActs task={task} />
          </>
        }
      />
      {task.rehearsal && <RehearsalBand />}
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_300px] 2xl:grid-cols-[minmax(320px,2fr)_minmax(0,3fr)_300px]">
        <div className="flex min-w-0 flex-col gap-7">
          {task.brief !== "" && <p className="max-w-[75ch] whitespace-pre-wrap text-ink-2">{task.brief}</p>}
          {task.reworkPoints.length > 0 && <Rework task={task} />}
          <HandIn task={task} />
          <Section title="Must fulfil">
            <CriteriaList criteria={task.criteria} results={[...(judged?.checks ?? []), ...verdicts]} />
            <WorldviewChecks task={task} />
          </Section>
          <TaskContext key={`${task.label} ${String(task.mine)}`} reference={task.label} mine={task.mine} />
        </div>
        <div className="flex min-w-0 flex-col gap-7 lg:col-start-1 2xl:col-start-2 2xl:row-start-1">
          <TaskUnderstanding task={task} />
          <Turns task={task} />
          <AttemptList attempts={task.attempts} />
          <ReviewList reviews={task.reviews} />
          <TaskStory reference={task.label} />
          <TalkSlot subject={{ kind: "task", id: task.id, requestId: task.requestId, label: task.label }} />
        </div>
        <aside aria-label="Facts" className="flex flex-col gap-5 lg:col-start-2 lg:row-span-2 lg:row-start-1 2xl:col-start-3">
          <TaskFacts task={task} />
          <PerformerWhy assignment={task.assignment} />
          <Steering task={task} />
          <Material task={task} />
        </aside>
      </div>
    </>
  );
}

/** What the persona's worldview asks of a result, beside the criteria. */
function WorldviewChecks({ task }: { readonly task: TaskDetail }) {
  if (task.worldviewChecks.length === 0) return null;
  return (
    <>
      <h3 className="mt-3 text-sm font-medium">Its worldview adds, for whoever judges it</h3>
      <ul className="list-disc pl-5 text-sm text-ink-2">
        {task.worldviewChecks.map(({ id, kind, statement }) => (
          <li key={id} className="py-0.5">
            {statement} <span className="text-ink-3">{kind === "rule" ? "must hold" : "to ask"}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

const TaskTurns = lazy(async () => ({ default: (await import("./task-turns.tsx")).TaskTurns }));

const TaskSteering = lazy(async () => ({ default: (await import("./task-steering.tsx")).TaskSteering }));

/** Only where a model has worked, and only as of now. */
function Turns({ task }: { readonly task: TaskDetail }) {
  const isPast = useMoment() !== null;
  if (isPast || !task.attempts.some(({ executor }) => executor === "model")) return null;
  return (
    <Suspense>
      <TaskTurns reference={task.label} />
    </Suspense>
  );
}

function ReassignButton({ task }: { readonly task: TaskDetail }) {
  const [open, setOpen] = useState(false);
  const may = useMay();
  if (!["ready", "assigned", "running"].includes(task.state) || !may("reassign-task")) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Reassign</Button>
      {open && <ReassignDialog task={task} onClose={() => setOpen(false)} />}
    </>
  );
}

/** The form of whoever holds the task. */
function HandIn({ task }: { readonly task: TaskDetail }) {
  const isPast = useMoment() !== null;
  if (!task.mine || task.checking || isPast) return null;
  return (
    <div id="hand-in">
      <SubmitForm task={task} />
    </div>
  );
}

/** What can be done to running work now, and what cannot. */
function Steering({ task }: { readonly task: TaskDetail }) {
  const isPast = useMoment() !== null;
  const isPersons = task.attempts.every(({ endedAtMs, executor }) => endedAtMs !== null || executor === "human");
  if (isPast || task.rehearsal || task.state !== "running" || isPersons) return null;
  return (
    <Suspense>
      <TaskSteering task={task} />
    </Suspense>
  );
}

function TaskActs({ task }: { readonly task: TaskDetail }) {
  const client = useQueryClient();
  const may = useMay();
  const act = useMutation({
    mutationFn: (action: Exclude<TaskAction, "submit" | "reassign">) => api.actOnTask(task.label, action, ""),
    onSuccess: async (_, action) => {
      announce(action === "claim" ? "The task is yours." : action === "release" ? "The task is given back." : "The task is tried again.");
      await client.invalidateQueries();
    },
  });
  return (
    <>
      <ActError error={act.error} />
      {task.mayClaim && (
        <Button tone="accent" disabled={act.isPending} onClick={() => act.mutate("claim")}>
          Claim it
        </Button>
      )}
      <ReassignButton task={task} />
      {task.mine && !task.checking && (
        <Button disabled={act.isPending} onClick={() => act.mutate("release")}>
          Give it back
        </Button>
      )}
      {task.state === "failed" && may("answer-item") && (
        <Button disabled={act.isPending} onClick={() => act.mutate("retry")}>
          Try again
        </Button>
      )}
    </>
  );
}

function Rework({ task }: { readonly task: TaskDetail }) {
  return (
    <Section title="Points to answer" className="rounded border border-l-4 border-line border-l-wait bg-sheet p-3">
      <ol className="list-decimal pl-5">
        {task.reworkPoints.map((point) => (
          <li key={point.id} className="py-0.5">
            {point.text} <span className="text-sm text-ink-3">{point.from}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function TaskFacts({ task }: { readonly task: TaskDetail }) {
  const me = useQuery(meQuery);
  return (
    <Section title="Facts">
      <ServesLine reference={task.requestLabel} />
      <MarksLine of={{ kind: "task", id: task.id, label: task.label }} />
      <Facts
        rows={[
          [
            "Id",
            <code key="i" className="font-mono text-xs select-all">
              {task.label}
            </code>,
          ],
          ["Persona", titleWords(task.persona)],
          [
            "Performer",
            task.performer === null ? (
              "nobody yet"
            ) : (
              <PerformerName key="p" kind={task.performer.kind} name={task.performer.name} executor={task.executor} />
            ),
          ],
          ["Executor", task.executor ?? "not chosen"],
          ["Risk", <RiskMark key="r" risk={task.risk} />],
          ["Attempts", `${task.attemptCount} of ${task.maxAttempts}, then a person is asked`],
          ["Round", String(task.round)],
          ["In this state", <Ago key="s" atMs={task.stateSinceMs} rehearsal={task.rehearsal} />],
          ["Cost so far", moneyText(task.costMicro, me.data?.organization.currency ?? "EUR")],
          ["Likely effort", hoursText(task.estimateHours)],
          ["Gives", task.expectedOutputs.join(", ")],
        ]}
      />
    </Section>
  );
}
