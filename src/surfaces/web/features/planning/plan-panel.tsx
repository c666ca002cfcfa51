import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useState } from "react";
import type { PlanView } from "../../../../contract/plan-contract.ts";
import { IntervalBar } from "../../marks/interval-bar.tsx";
import { type Origin, OriginTag } from "../../marks/origin-tag.tsx";
import { RiskMark, StateMark } from "../../marks/state-mark.tsx";
import { planQuery } from "../../queries.ts";
import { Button, buttonLook } from "../../shell/controls.tsx";
import { useMay } from "../../shell/may.ts";
import { useMoment } from "../../shell/moment-context.ts";
import { Section } from "../../shell/page.tsx";
import { pillLook } from "../../shell/pill.ts";
import { Loaded, Skeleton } from "../../shell/states.tsx";
import { countText, hoursText, moneyText, plainWords } from "../../shell/words.ts";
import { CriteriaList } from "../review/criteria-list.tsx";
import { givenOnly } from "../requests/address-search.ts";
import { planMarkdown } from "../requests/as-markdown.ts";
import { CopyMenu } from "../requests/copy-menu.tsx";
import { SavePlaybookButton } from "./save-playbook-button.tsx";
import { TalkSlot } from "../requests/talk-slot.tsx";
import { WhyButton } from "../../shell/why-panel.tsx";
import { PlanBoard } from "./plan-board.tsx";
import { PlanProvisional } from "./plan-provisional.tsx";
import { PlanDecision } from "./plan-decision.tsx";
import { maxDrawnTasks } from "./plan-limits.ts";
import { HeldBack, PlanTable } from "./plan-table.tsx";
import { originWords, planWhy } from "./plan-why.ts";
import { PlanVersions } from "./plan-versions.tsx";
import { ProblemList } from "./problem-list.tsx";

const PlanEditor = lazy(async () => ({ default: (await import("./plan-editor.tsx")).PlanEditor }));
const PlanGraph = lazy(async () => ({ default: (await import("./plan-graph.tsx")).PlanGraph }));

interface PanelProps {
  readonly reference: string;
  readonly selected: string | undefined;
  readonly onSelect: (task: string) => void;
  /** How the plan is drawn; undefined: table and graph. */
  readonly shape: string | undefined;
}

/** Is this the right work, in the right order, at the right price: table and graph of one plan, with one selection. */
export function PlanPanel(props: PanelProps) {
  const query = useQuery(planQuery(props.reference));
  return <Loaded query={query}>{(view) => <PlanBody view={view} {...props} />}</Loaded>;
}

const shapes = [
  ["", "Table and graph"],
  ["board", "Board"],
  ["time", "In time"],
] as const;

/** A proposal is followed by another; a running plan is patched. */
function useMayEdit(state: PlanView["plan"]["state"]): boolean {
  const may = useMay();
  return (state === "proposed" && may("propose-plan")) || (state === "approved" && may("patch-plan"));
}

function PlanBody(props: PanelProps & { readonly view: PlanView }) {
  const { view, reference, selected, shape } = props;
  const [editing, setEditing] = useState(false);
  const mayEdit = useMayEdit(view.plan.state);
  const isPast = useMoment() !== null;
  return (
    <div className="flex flex-col gap-5">
      {!editing && !isPast && <PlanDecision view={view} />}
      {!editing && <PlanProvisional view={view} />}
      <PlanFacts view={view} />
      {!editing && <ProblemList problems={view.problems} />}
      <div className="no-print flex flex-wrap items-center gap-1">
        <nav aria-label="Shape of the plan">
          <ul className="flex flex-wrap gap-1">
            {shapes.map(([id, label]) => (
              <li key={id}>
                <Link
                  to="."
                  search={(before) => givenOnly({ ...before, shape: id })}
                  resetScroll={false}
                  aria-current={(shape ?? "") === id ? "page" : undefined}
                  className={pillLook((shape ?? "") === id)}
                >
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <span className="flex flex-wrap items-center gap-1 sm:ml-auto sm:justify-end">
          <WhyButton why={planWhy(view)} withKey={false} />
          <CopyMenu
            id={`plan ${view.plan.number} of ${reference}`}
            address={`/requests/${reference}?tab=plan`}
            markdown={() => planMarkdown(reference, view)}
          />
          {view.plan.state === "approved" && <SavePlaybookButton reference={reference} />}
          {mayEdit && !editing && <Button onClick={() => setEditing(true)}>Edit the plan</Button>}
        </span>
      </div>
      {editing ? (
        <Suspense fallback={<Skeleton rows={6} />}>
          <PlanEditor view={view} reference={reference} onClose={() => setEditing(false)} />
        </Suspense>
      ) : (
        <Shape {...props} />
      )}
      {!editing && <SelectedTask view={view} reference={reference} selected={selected} />}
      <PlanVersions view={view} reference={reference} />
      <TalkSlot subject={{ kind: "plan", id: view.plan.id, requestId: view.plan.requestId, label: reference }} />
    </div>
  );
}

const noPath: readonly string[] = [];

function Shape({ view, reference, selected, onSelect, shape }: PanelProps & { readonly view: PlanView }) {
  const states = useMemo(() => new Map(view.tasks.map((task) => [task.task, task])), [view.tasks]);
  const tasks = view.document.decomposition;
  const criticalPath = view.document.forecast?.criticalPath ?? noPath;
  const common = { tasks, criticalPath, selected, onSelect };
  if (shape === "board") return <PlanBoard reference={reference} stateOf={(task) => states.get(task)} {...common} />;
  if (shape === "time")
    return (
      <p className="max-w-[75ch] text-ink-2">
        There is no schedule yet: nobody's calendar and no start is known for single tasks, so a Gantt chart would only look like one. What
        is known is the forecast of the whole plan above and each task's estimate in the table.
      </p>
    );
  return (
    <div className="grid gap-6 2xl:grid-cols-2">
      <PlanTable stateOf={(task) => states.get(task)} {...common} />
      <div className="no-print min-w-0">
        {tasks.length <= maxDrawnTasks ? (
          <Suspense fallback={<div className="h-60 rounded border border-line" aria-hidden="true" />}>
            <PlanGraph stateOf={(task) => states.get(task)?.state ?? "proposed"} {...common} />
          </Suspense>
        ) : (
          <p className="text-sm text-ink-3">{`With ${tasks.length} tasks the graph would be unreadable; the table holds them all.`}</p>
        )}
      </div>
    </div>
  );
}

const originOf: Readonly<Record<"playbook" | "person" | "model", Origin>> = { playbook: "rule", person: "person", model: "persona" };

function PlanFacts({ view: { plan } }: { readonly view: PlanView }) {
  const forecast = plan.forecast;
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-2 text-sm">
      <StateMark state={plan.state} />
      <span className="text-ink-2">
        Version {plan.number}, {countText(plan.taskCount, "task")}
      </span>
      <OriginTag origin={originOf[plan.origin.kind]} name={originWords(plan.origin)} />
      {forecast !== null && (
        <span className="flex items-center gap-2">
          <span className="w-24">
            <IntervalBar
              p50={forecast.p50Hours}
              p80={forecast.p80Hours}
              p90={forecast.p90Hours}
              max={forecast.p90Hours}
              of="Forecast of the whole plan"
            />
          </span>
          <span>
            P50 {hoursText(forecast.p50Hours)}{" "}
            <span className="text-ink-3">
              P80 {hoursText(forecast.p80Hours)}, P90 {hoursText(forecast.p90Hours)}
            </span>
          </span>
        </span>
      )}
      <span>{plan.costMicro === 0 ? "No outside cost" : moneyText(plan.costMicro, plan.currency)}</span>
    </div>
  );
}

function SelectedTask({
  view,
  reference,
  selected,
}: {
  readonly view: PlanView;
  readonly reference: string;
  readonly selected: string | undefined;
}) {
  const task = view.document.decomposition.find((one) => one.task === selected);
  const planned = view.tasks.find((one) => one.task === selected);
  if (task === undefined) return <p className="text-sm text-ink-3">Select a task to see what it must fulfil.</p>;
  return (
    <Section title={task.title} aside={<code className="font-mono text-xs">{task.task}</code>}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-2">
        <RiskMark risk={task.risk} />
        <span>{task.dependencies.length === 0 ? "Depends on nothing" : `After ${task.dependencies.map(plainWords).join(", ")}`}</span>
        <span>Gives {task.outputs.join(", ")}</span>
        {planned !== undefined && <HeldBack planned={planned} />}
      </div>
      <CriteriaList criteria={task.acceptance} results={[]} />
      {planned !== undefined && (
        <Link to="/task/$" params={{ _splat: `${reference}/${task.task}` }} className={`${buttonLook({})} self-start`}>
          Open the task
        </Link>
      )}
    </Section>
  );
}
