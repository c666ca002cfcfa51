import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";
import type { PlanView } from "../../../../contract/plan-contract.ts";
import { IntervalBar } from "../../marks/interval-bar.tsx";
import { type Origin, OriginTag } from "../../marks/origin-tag.tsx";
import { RiskMark, StateMark } from "../../marks/state-mark.tsx";
import { planQuery } from "../../queries.ts";
import { buttonLook } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { Loaded } from "../../shell/states.tsx";
import { countText, hoursText, moneyText, plainWords } from "../../shell/words.ts";
import { CriteriaList } from "../review/criteria-list.tsx";
import { PlanDecision } from "./plan-decision.tsx";
import { maxDrawnTasks } from "./plan-limits.ts";
import { HeldBack, PlanTable } from "./plan-table.tsx";

const PlanGraph = lazy(async () => ({ default: (await import("./plan-graph.tsx")).PlanGraph }));

interface PanelProps {
  readonly reference: string;
  readonly selected: string | undefined;
  readonly onSelect: (task: string) => void;
}

/** Is this the right work, in the right order, at the right price: table and graph of one plan, with one selection. */
export function PlanPanel({ reference, selected, onSelect }: PanelProps) {
  const query = useQuery(planQuery(reference));
  return <Loaded query={query}>{(view) => <PlanBody view={view} reference={reference} selected={selected} onSelect={onSelect} />}</Loaded>;
}

const noPath: readonly string[] = [];

function PlanBody({ view, reference, selected, onSelect }: PanelProps & { readonly view: PlanView }) {
  const states = useMemo(() => new Map(view.tasks.map((task) => [task.task, task])), [view.tasks]);
  const tasks = view.document.decomposition;
  const criticalPath = view.document.forecast?.criticalPath ?? noPath;
  return (
    <div className="flex flex-col gap-5">
      <PlanDecision view={view} />
      <PlanFacts view={view} />
      <Problems view={view} />
      <div className="grid gap-6 2xl:grid-cols-2">
        <PlanTable tasks={tasks} stateOf={(task) => states.get(task)} criticalPath={criticalPath} selected={selected} onSelect={onSelect} />
        <div className="min-w-0">
          {tasks.length <= maxDrawnTasks ? (
            <Suspense fallback={<div className="h-60 rounded border border-line" aria-hidden="true" />}>
              <PlanGraph
                tasks={tasks}
                stateOf={(task) => states.get(task)?.state ?? "proposed"}
                criticalPath={criticalPath}
                selected={selected}
                onSelect={onSelect}
              />
            </Suspense>
          ) : (
            <p className="text-sm text-ink-3">{`With ${tasks.length} tasks the graph would be unreadable; the table holds them all.`}</p>
          )}
        </div>
      </div>
      <SelectedTask view={view} reference={reference} selected={selected} />
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
      <OriginTag
        origin={originOf[plan.origin.kind]}
        name={`${plan.origin.kind} ${plan.origin.name}${plan.origin.edited ? ", edited" : ""}`}
      />
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

function Problems({ view }: { readonly view: PlanView }) {
  if (view.problems.length === 0) return null;
  return (
    <Section title={countText(view.problems.length, "remark")}>
      <ul className="flex flex-col gap-1 text-sm">
        {view.problems.map((problem) => (
          <li key={`${problem.code} ${problem.task ?? ""} ${problem.message}`} className="flex gap-2">
            <span className={problem.severity === "error" ? "font-medium text-bad" : "font-medium text-wait"}>{problem.severity}</span>
            <span>
              {problem.task !== null && <code className="font-mono text-xs">{problem.task} </code>}
              {problem.message}
            </span>
          </li>
        ))}
      </ul>
    </Section>
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
