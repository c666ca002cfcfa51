import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import type { SprintDocument, SprintRowDocument } from "../../../../contract/work-contract.ts";
import { StateMark } from "../../marks/state-mark.tsx";
import { Button, buttonLook } from "../../shell/controls.tsx";
import { useMoment } from "../../shell/moment-context.ts";
import { Facts, Page, PageHead, Section } from "../../shell/page.tsx";
import { useProjectKey } from "../../shell/project-scope.ts";
import { Loaded } from "../../shell/states.tsx";
import { countText, dayText } from "../../shell/words.ts";
import { hoursText } from "./sprint-hours.ts";
import { ShareBar } from "../requests/share-bar.tsx";
import { StatePills, WorkList } from "../requests/work-list.tsx";
import { Burndown } from "./sprint-burndown.tsx";
import { SprintTasks } from "./sprint-tasks.tsx";
import { type SprintMove, sprintQuery, sprintsQuery } from "./sprints-data.ts";
import { EditSprint, NewSprint, PlanTask, SprintMoveForm } from "./sprints-forms.tsx";

const listRoute = getRouteApi("/framed/sprints");
const openStates = "planning,active";
const sprintChoices = [
  [openStates, "not ended"],
  ["completed", "completed"],
  ["cancelled", "cancelled"],
] as const;

/** Boxes of time with hours to give, planned and done. */
export function SprintsPage() {
  const { state } = listRoute.useSearch();
  const project = useProjectKey();
  const query = useInfiniteQuery(sprintsQuery({ state: state ?? openStates, project: project === "" ? undefined : project }));
  const [isNew, setNew] = useState(false);
  return (
    <Page title="Sprints">
      <PageHead
        title="Sprints"
        answer="Boxes of time over tasks: hours to give, planned and done."
        acts={
          <>
            <Link to="/epics" className={buttonLook({ tone: "plain" })}>
              Epics
            </Link>
            {query.data?.pages[0]?.mayCreate === true && (
              <Button tone="accent" onClick={() => setNew(true)}>
                New sprint
              </Button>
            )}
          </>
        }
      />
      <StatePills to="/sprints" label="Which sprints" choices={sprintChoices} chosen={state} />
      <WorkList
        query={query}
        none="No sprint here. A sprint says how many hours there are to give until a day, and which tasks are meant for it."
        row={(sprint) => <SprintRow key={sprint.id} sprint={sprint} />}
      />
      {isNew && <NewSprint onClose={() => setNew(false)} />}
    </Page>
  );
}

function SprintRow({ sprint }: { readonly sprint: SprintRowDocument }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 border-b border-line py-3 first:border-t">
      <div className="flex min-w-0 flex-col gap-0.5">
        <Link
          to="/sprints/$reference"
          params={{ reference: sprint.label }}
          data-row
          className="font-medium underline-offset-2 hover:underline"
        >
          <span className="font-mono text-xs text-ink-3">{sprint.label}</span> {sprint.title}
        </Link>
        <span className="text-sm text-ink-2">
          {dayText(sprint.startsAtMs)} to {dayText(sprint.endsAtMs)}, {hoursText(sprint.capacityHours)} to give
        </span>
      </div>
      <div className="flex items-center gap-4 text-sm">
        <SprintProgress sprint={sprint} />
        <StateMark state={sprint.state} />
      </div>
    </li>
  );
}

const SprintProgress = ({ sprint }: { readonly sprint: SprintRowDocument }) => (
  <ShareBar
    done={sprint.doneHours}
    of={sprint.plannedHours}
    title="Likely hours of accepted tasks, of the likely hours of all its tasks"
    text={`${hoursText(sprint.doneHours)} of ${hoursText(sprint.plannedHours)} planned (${sprint.doneTasks} of ${countText(sprint.tasks, "task")})`}
  />
);

const route = getRouteApi("/framed/sprints/$reference");

/** One sprint: how its hours stand, and its tasks. */
export function SprintPage() {
  const { reference } = route.useParams();
  const query = useQuery(sprintQuery(reference));
  return (
    <Page title={query.data === undefined ? reference : `${query.data.label} ${query.data.title}`}>
      {query.data === undefined && <h1 className="text-xl font-semibold">{reference}</h1>}
      <Loaded query={query}>{(sprint) => <SprintBody sprint={sprint} />}</Loaded>
    </Page>
  );
}

const movesOf: { readonly [state in SprintDocument["state"]]: readonly SprintMove[] } = {
  planning: ["start", "cancel"],
  active: ["complete", "cancel"],
  completed: [],
  cancelled: [],
};
const moveWords: { readonly [move in SprintMove]: string } = { start: "Start it", complete: "Complete it", cancel: "Call it off" };

type SprintForm = SprintMove | "edit" | "plan" | null;

function SprintDialog({
  sprint,
  form,
  onClose,
}: {
  readonly sprint: SprintDocument;
  readonly form: SprintForm;
  readonly onClose: () => void;
}) {
  if (form === null) return null;
  if (form === "edit") return <EditSprint sprint={sprint} onClose={onClose} />;
  if (form === "plan") return <PlanTask sprint={sprint} onClose={onClose} />;
  return <SprintMoveForm sprint={sprint} move={form} onClose={onClose} />;
}

function SprintBody({ sprint }: { readonly sprint: SprintDocument }) {
  const [form, setForm] = useState<SprintForm>(null);
  const isPast = useMoment() !== null;
  const isOpen = sprint.state === "planning" || sprint.state === "active";
  const open = sprint.mayChange && isOpen && !isPast;
  return (
    <>
      <PageHead
        over={
          <>
            <Link to="/sprints" className="underline">
              Sprints
            </Link>
            <span className="font-mono select-all">{sprint.label}</span>
            <StateMark state={sprint.state} />
          </>
        }
        title={sprint.title}
        answer={<SprintProgress sprint={sprint} />}
        acts={
          open && (
            <>
              <Button onClick={() => setForm("edit")}>Change</Button>
              {movesOf[sprint.state].map((move) => (
                <Button key={move} tone={move === "cancel" ? "plain" : "accent"} onClick={() => setForm(move)}>
                  {moveWords[move]}
                </Button>
              ))}
            </>
          )
        }
      />
      {sprint.goal !== "" && <p className="max-w-[75ch] whitespace-pre-wrap text-ink-2">{sprint.goal}</p>}
      <div className="grid gap-8 md:grid-cols-[280px_minmax(0,1fr)]">
        <Hours sprint={sprint} />
        <Burndown sprint={sprint} />
      </div>
      <SprintTasks sprint={sprint} open={open} onPlan={() => setForm("plan")} />
      <SprintDialog sprint={sprint} form={form} onClose={() => setForm(null)} />
    </>
  );
}

function Hours({ sprint }: { readonly sprint: SprintDocument }) {
  const over = sprint.plannedHours - sprint.capacityHours;
  const left = Math.ceil((sprint.endsAtMs - sprint.nowMs) / 86_400_000);
  return (
    <Section title="Hours">
      <Facts
        rows={[
          ["To give", hoursText(sprint.capacityHours)],
          [
            "Planned",
            <>
              {hoursText(sprint.plannedHours)} {over > 0 && <strong className="text-bad">{hoursText(over)} too many</strong>}
            </>,
          ],
          ["Done", hoursText(sprint.doneHours)],
          ["From", dayText(sprint.startsAtMs)],
          ["To", dayText(sprint.endsAtMs)],
          [
            "Left",
            sprint.closing !== null
              ? `ended ${dayText(sprint.closing.atMs)}`
              : left < 0
                ? `over since ${countText(-left, "day")}`
                : countText(left, "day"),
          ],
          ...(sprint.closing === null || sprint.closing.reason === "" ? [] : ([["Said at the end", sprint.closing.reason]] as const)),
        ]}
      />
      <p className="text-xs text-ink-3">Hours are the likely ones of each task’s estimate (n = {sprint.tasks}).</p>
    </Section>
  );
}
