import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import type { EpicDocument, EpicRowDocument } from "../../../../contract/work-contract.ts";
import { StateMark } from "../../marks/state-mark.tsx";
import { Button, buttonLook } from "../../shell/controls.tsx";
import { useMoment } from "../../shell/moment-context.ts";
import { Page, PageHead, Section } from "../../shell/page.tsx";
import { useProjectKey } from "../../shell/project-scope.ts";
import { Loaded } from "../../shell/states.tsx";
import { countText, dayText } from "../../shell/words.ts";
import { type EpicMove, epicQuery, epicsQuery } from "./epics-data.ts";
import { EditEpic, EpicMoveForm, LinkRequest, NewEpic } from "./epics-forms.tsx";
import { ShareBar } from "./share-bar.tsx";
import { StatePills, WorkList } from "./work-list.tsx";

const listRoute = getRouteApi("/framed/epics");

const epicChoices = [
  ["open", "open"],
  ["done", "done"],
  ["cancelled", "cancelled"],
] as const;

/** Requests that belong together under one goal, with how far each group has come. */
export function EpicsPage() {
  const { state } = listRoute.useSearch();
  const project = useProjectKey();
  const query = useInfiniteQuery(epicsQuery({ state: state ?? "open", project: project === "" ? undefined : project }));
  const [isNew, setNew] = useState(false);
  return (
    <Page title="Epics">
      <PageHead
        title="Epics"
        answer="Requests that belong together under one goal."
        acts={
          <>
            <Link to="/sprints" className={buttonLook({ tone: "plain" })}>
              Sprints
            </Link>
            {query.data?.pages[0]?.mayCreate === true && (
              <Button tone="accent" onClick={() => setNew(true)}>
                New epic
              </Button>
            )}
          </>
        }
      />
      <StatePills to="/epics" label="Which epics" choices={epicChoices} chosen={state} />
      <WorkList
        query={query}
        none={`No epic is ${state ?? "open"}. An epic gathers requests under a goal and shows how far they are together.`}
        row={(epic) => <EpicRow key={epic.id} epic={epic} />}
      />
      {isNew && <NewEpic onClose={() => setNew(false)} />}
    </Page>
  );
}

function EpicRow({ epic }: { readonly epic: EpicRowDocument }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 border-b border-line py-3 first:border-t">
      <div className="flex min-w-0 flex-col gap-0.5">
        <Link to="/epics/$reference" params={{ reference: epic.label }} data-row className="font-medium underline-offset-2 hover:underline">
          <span className="font-mono text-xs text-ink-3">{epic.label}</span> {epic.title}
        </Link>
        <span className="text-sm text-ink-2">
          {epic.owner.name}
          {epic.dueAtMs !== null && `, by ${dayText(epic.dueAtMs)}`}
        </span>
      </div>
      <div className="flex items-center gap-4 text-sm">
        <EpicProgress epic={epic} />
        {epic.state !== "open" && <StateMark state={epic.state} />}
      </div>
    </li>
  );
}

/** Tasks done of those approved, with the requests they belong to. */
const EpicProgress = ({ epic: { progress } }: { readonly epic: EpicRowDocument }) => (
  <ShareBar
    done={progress.doneTasks}
    of={progress.tasks}
    title="Tasks accepted, of those of approved plans that were not cancelled"
    text={`${progress.doneTasks} of ${countText(progress.tasks, "task")}, ${progress.delivered} of ${countText(progress.requests, "request")} delivered`}
  />
);

const route = getRouteApi("/framed/epics/$reference");

/** One epic with its requests. */
export function EpicPage() {
  const { reference } = route.useParams();
  const query = useQuery(epicQuery(reference));
  return (
    <Page title={query.data === undefined ? reference : `${query.data.label} ${query.data.title}`}>
      {query.data === undefined && <h1 className="text-xl font-semibold">{reference}</h1>}
      <Loaded query={query}>{(epic) => <EpicBody epic={epic} />}</Loaded>
    </Page>
  );
}

const movesOf = { open: ["finish", "cancel"], done: ["reopen"], cancelled: ["reopen"] } as const;
const moveWords: { readonly [move in EpicMove]: string } = { finish: "It is done", cancel: "Cancel it", reopen: "Open it again" };

type EpicForm = EpicMove | "edit" | "link" | null;

function EpicBody({ epic }: { readonly epic: EpicDocument }) {
  const [form, setForm] = useState<EpicForm>(null);
  const isPast = useMoment() !== null;
  const open = epic.mayChange && !isPast;
  return (
    <>
      <PageHead
        over={
          <>
            <Link to="/epics" className="underline">
              Epics
            </Link>
            <span className="font-mono select-all">{epic.label}</span>
            {epic.state === "open" ? <span>open</span> : <StateMark state={epic.state} />}
          </>
        }
        title={epic.title}
        answer={<EpicProgress epic={epic} />}
        acts={open && <EpicActs epic={epic} onForm={setForm} />}
      />
      <p className="max-w-[75ch] whitespace-pre-wrap text-ink-2">{epic.goal === "" ? "No goal was written down." : epic.goal}</p>
      <p className="text-sm text-ink-2">
        Owned by {epic.owner.name}
        {epic.dueAtMs !== null && `, by ${dayText(epic.dueAtMs)}`}.{epic.reason !== "" && ` Last said: ${epic.reason}`}
      </p>
      <EpicRequests epic={epic} onLink={open && epic.state === "open" ? () => setForm("link") : null} />
      <EpicDialog epic={epic} form={form} onClose={() => setForm(null)} />
    </>
  );
}

const EpicActs = ({ epic, onForm }: { readonly epic: EpicDocument; readonly onForm: (form: EpicForm) => void }) => (
  <>
    {epic.state === "open" && <Button onClick={() => onForm("edit")}>Change</Button>}
    {movesOf[epic.state].map((move) => (
      <Button key={move} onClick={() => onForm(move)}>
        {moveWords[move]}
      </Button>
    ))}
  </>
);

function EpicDialog({ epic, form, onClose }: { readonly epic: EpicDocument; readonly form: EpicForm; readonly onClose: () => void }) {
  if (form === null) return null;
  if (form === "edit") return <EditEpic epic={epic} onClose={onClose} />;
  if (form === "link") return <LinkRequest epic={epic} onClose={onClose} />;
  return <EpicMoveForm epic={epic} move={form} onClose={onClose} />;
}

function EpicRequests({ epic, onLink }: { readonly epic: EpicDocument; readonly onLink: (() => void) | null }) {
  return (
    <Section
      title="Requests"
      aside={
        onLink === null ? (
          countText(epic.requests.length, "request")
        ) : (
          <Button tone="quiet" onClick={onLink}>
            Add a request
          </Button>
        )
      }
    >
      {epic.requests.length === 0 && <p className="text-sm text-ink-2">No request is part of it yet.</p>}
      <ul className="flex flex-col">
        {epic.requests.map((request) => (
          <li key={request.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line py-2 text-sm">
            <Link
              to="/requests/$reference"
              params={{ reference: request.label }}
              data-row
              className="min-w-0 underline-offset-2 hover:underline"
            >
              <span className="font-mono text-xs text-ink-3">{request.label}</span> {request.title}
            </Link>
            <span className="flex items-center gap-3">
              <ShareBar
                done={request.doneTasks}
                of={request.tasks}
                title="Tasks accepted"
                text={`${request.doneTasks} of ${request.tasks}`}
              />
              <StateMark state={request.state} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
