import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { TaskAction, TaskDetail } from "../../../../contract/task-contract.ts";
import { api, contentUrl } from "../../api.ts";
import { PerformerName } from "../../marks/performer-name.tsx";
import { RehearsalBadge, RehearsalBand } from "../../marks/rehearsal-badge.tsx";
import { RiskMark, StateMark, stateWord } from "../../marks/state-mark.tsx";
import { taskQuery } from "../../queries.ts";
import { announce } from "../../shell/announce.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Button } from "../../shell/controls.tsx";
import { Facts, Page, PageHead, Section } from "../../shell/page.tsx";
import { ActError, Loaded } from "../../shell/states.tsx";
import { hoursText, plainWords } from "../../shell/words.ts";
import { CriteriaList } from "../review/criteria-list.tsx";
import { ReviewList } from "../review/review-list.tsx";
import { AttemptList } from "./attempt-list.tsx";
import { SubmitForm } from "./submit-form.tsx";

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

/** Where it stands and for whom it waits, in one sentence. */
function standing(task: TaskDetail) {
  if (task.blockedBy !== null)
    return (
      <>
        {task.blockedBy}, since <Ago atMs={task.stateSinceMs} />.
      </>
    );
  const who = plainWords(task.performer?.name ?? "the next free performer");
  switch (task.state) {
    case "ready":
      return task.mayClaim ? (
        <>Ready. You can claim it.</>
      ) : (
        <>
          Ready since <Ago atMs={task.stateSinceMs} />; goes to {who}.
        </>
      );
    case "running":
      return task.mine ? (
        <>
          Yours since <Ago atMs={task.stateSinceMs} />.
        </>
      ) : (
        <>
          With {who} since <Ago atMs={task.stateSinceMs} />.
        </>
      );
    case "waiting":
      return (
        <>
          Waits for{" "}
          {task.dependsOn
            .filter((one) => one.state !== "passed" && one.state !== "integrated")
            .map((one) => one.title)
            .join(", ") || "its turn"}
          .
        </>
      );
    default:
      return (
        <>
          {stateWord(task.state).replace(/^./u, (letter) => letter.toUpperCase())} since <Ago atMs={task.stateSinceMs} />.
        </>
      );
  }
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
          </>
        }
        title={task.title}
        answer={standing(task)}
        acts={<TaskActs task={task} />}
      />
      {task.rehearsal && <RehearsalBand />}
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_300px]">
        <div className="flex min-w-0 flex-col gap-7">
          {task.brief !== "" && <p className="max-w-[75ch] whitespace-pre-wrap text-ink-2">{task.brief}</p>}
          {task.reworkPoints.length > 0 && <Rework task={task} />}
          {task.mine && <SubmitForm task={task} />}
          <Section title="Must fulfil">
            <CriteriaList criteria={task.criteria} results={[...(judged?.checks ?? []), ...verdicts]} />
          </Section>
          <ReviewList reviews={task.reviews} />
          <AttemptList attempts={task.attempts} />
        </div>
        <aside aria-label="Facts" className="flex flex-col gap-5">
          <TaskFacts task={task} />
          <Material task={task} />
        </aside>
      </div>
    </>
  );
}

function TaskActs({ task }: { readonly task: TaskDetail }) {
  const client = useQueryClient();
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
      {task.mine && (
        <Button disabled={act.isPending} onClick={() => act.mutate("release")}>
          Give it back
        </Button>
      )}
      {task.state === "failed" && (
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
  return (
    <Section title="Facts">
      <Facts
        rows={[
          [
            "Id",
            <code key="i" className="font-mono text-xs select-all">
              {task.label}
            </code>,
          ],
          ["Persona", plainWords(task.persona)],
          [
            "Performer",
            task.performer === null ? "nobody yet" : <PerformerName key="p" kind={task.performer.kind} name={task.performer.name} />,
          ],
          ["Executor", task.executor ?? "not chosen"],
          ["Risk", <RiskMark key="r" risk={task.risk} />],
          ["Attempts", String(task.attemptCount)],
          ["Likely effort", hoursText(task.estimateHours)],
          ["Gives", task.expectedOutputs.join(", ")],
        ]}
      />
    </Section>
  );
}

function Material({ task }: { readonly task: TaskDetail }) {
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
