import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import type { KeyResultDocument, ObjectiveDocument, ObjectiveSummary } from "../../../../contract/objective-contract.ts";
import { StateMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Button } from "../../shell/controls.tsx";
import { Page, PageHead, Section } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { countText, dayText, plainWords, titleWords } from "../../shell/words.ts";
import { objectiveQuery, objectivesQuery } from "./objectives-data.ts";
import { EndObjective, NewObjective, NewValue } from "./objectives-forms.tsx";
import { PrinciplesSection } from "./principles-section.tsx";

/** What we want to reach, how far we are, and what we stand for. */
export function ObjectivesPage() {
  const query = useQuery(objectivesQuery);
  const [isNew, setNew] = useState(false);
  const open = query.data?.items.filter((one) => one.state === "open") ?? [];
  return (
    <Page title="Objectives">
      <PageHead
        title="Objectives and principles"
        answer={
          query.data === undefined ? null : open.length === 0 ? "No objective is open." : `${countText(open.length, "objective")} open.`
        }
        acts={
          query.data?.mayCreate === true && (
            <Button tone="accent" onClick={() => setNew(true)}>
              New objective
            </Button>
          )
        }
      />
      <Loaded query={query}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState>No objective is set. Requests can say which objective they serve once there is one.</EmptyState>
          ) : (
            <ul className="flex flex-col">
              {page.items.map((one) => (
                <ObjectiveRow key={one.id} objective={one} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <PrinciplesSection />
      {isNew && <NewObjective onClose={() => setNew(false)} />}
    </Page>
  );
}

function ObjectiveRow({ objective }: { readonly objective: ObjectiveSummary }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 border-b border-line py-3 first:border-t">
      <div className="flex min-w-0 flex-col gap-0.5">
        <Link
          to="/objectives/$reference"
          params={{ reference: objective.label }}
          data-row
          className="font-medium underline-offset-2 hover:underline"
        >
          <span className="font-mono text-xs text-ink-3">{objective.label}</span> {objective.title}
        </Link>
        <span className="text-sm text-ink-2">
          {objective.owner.name}
          {objective.dueAtMs !== null && `, by ${dayText(objective.dueAtMs)}`}
        </span>
      </div>
      <div className="flex items-center gap-4 text-sm">
        <Reached share={objective.progress} of={countText(objective.keyResults.length, "key result")} />
        <ObjectiveState state={objective.state} />
      </div>
    </li>
  );
}

const stateLook: Readonly<Record<ObjectiveSummary["state"], string>> = {
  open: "text-accent",
  reached: "text-good",
  missed: "text-bad",
  withdrawn: "text-ink-3",
};

const ObjectiveState = ({ state }: { readonly state: ObjectiveSummary["state"] }) => (
  <span className={`w-20 font-medium ${stateLook[state]}`}>{titleWords(state)}</span>
);

/** How much of the way from start to target is done, with what the figure is made of. */
function Reached({ share, of }: { readonly share: number | null; readonly of: string }) {
  if (share === null) return <span className="text-ink-3">no key results</span>;
  const percent = Math.round(share * 100);
  return (
    <span className="flex items-center gap-2" title="From start to target; of several key results the mean">
      <span className="relative h-1.5 w-24 overflow-hidden rounded-sm bg-line" aria-hidden="true">
        <span className="absolute inset-y-0 left-0 bg-accent" ref={(bar) => bar?.style.setProperty("width", `${percent}%`)} />
      </span>
      <span className="tabular-nums">
        {percent} % <span className="text-ink-2">of {of}</span>
      </span>
    </span>
  );
}

const route = getRouteApi("/framed/objectives/$reference");

/** One objective: how far its key results are, and what serves it. */
export function ObjectivePage() {
  const { reference } = route.useParams();
  const query = useQuery(objectiveQuery(reference));
  return (
    <Page title={query.data === undefined ? reference : `${query.data.label} ${query.data.title}`}>
      {query.data === undefined && <h1 className="text-xl font-semibold">{reference}</h1>}
      <Loaded query={query}>{(objective) => <ObjectiveBody objective={objective} />}</Loaded>
    </Page>
  );
}

function ObjectiveBody({ objective }: { readonly objective: ObjectiveDocument }) {
  const [measure, setMeasure] = useState<KeyResultDocument | null>(null);
  const [isEnding, setEnding] = useState(false);
  return (
    <>
      <PageHead
        over={
          <>
            <Link to="/objectives" className="underline">
              Objectives
            </Link>
            <span className="font-mono select-all">{objective.label}</span>
            <ObjectiveState state={objective.state} />
          </>
        }
        title={objective.title}
        answer={<Reached share={objective.progress} of={countText(objective.keyResults.length, "key result")} />}
        acts={objective.mayChange && <Button onClick={() => setEnding(true)}>End it</Button>}
      />
      <p className="text-sm text-ink-2">
        Owned by {objective.owner.name}
        {objective.dueAtMs !== null && `, by ${dayText(objective.dueAtMs)}`}.
      </p>
      <Measures objective={objective} onMeasure={setMeasure} />
      <Serving objective={objective} />
      <Changes objective={objective} />
      {measure !== null && <NewValue reference={objective.label} measure={measure} onClose={() => setMeasure(null)} />}
      {isEnding && <EndObjective reference={objective.label} onClose={() => setEnding(false)} />}
    </>
  );
}

function Measures({
  objective,
  onMeasure,
}: {
  readonly objective: ObjectiveDocument;
  readonly onMeasure: (one: KeyResultDocument) => void;
}) {
  return (
    <Section title="Key results">
      {objective.keyResults.length === 0 && <p className="text-sm text-ink-2">None was stated.</p>}
      <ul className="flex flex-col">
        {objective.keyResults.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 border-b border-line py-2">
            <span className="min-w-0">{one.statement}</span>
            <span className="flex flex-wrap items-center gap-3 text-sm">
              <span className="text-ink-2 tabular-nums">
                {one.startValue} → <strong className="text-ink">{one.currentValue}</strong> → {one.targetValue} {one.unit}
              </span>
              <Reached share={one.progress} of="the way" />
              {objective.mayChange && (
                <Button aria-label={`New value for ${one.statement}`} onClick={() => onMeasure(one)}>
                  New value
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Serving({ objective }: { readonly objective: ObjectiveDocument }) {
  return (
    <Section title="Requests that serve it" aside={countText(objective.requests.length, "request")}>
      {objective.requests.length === 0 && <p className="text-sm text-ink-2">No request says so yet. Its page has “Say what it serves”.</p>}
      <ul className="flex flex-col">
        {objective.requests.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center justify-between gap-x-4 border-b border-line py-2 text-sm">
            <Link
              to="/requests/$reference"
              params={{ reference: one.label }}
              data-row
              className="min-w-0 underline-offset-2 hover:underline"
            >
              <span className="font-mono text-xs text-ink-3">{one.label}</span> {one.title}
            </Link>
            <span className="flex items-center gap-3">
              <span className="text-ink-2">{titleWords(one.stage)}</span>
              <StateMark state={one.state} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Changes({ objective }: { readonly objective: ObjectiveDocument }) {
  const nameOf = (id: string): string => objective.keyResults.find((one) => one.id === id)?.statement ?? id;
  return (
    <Section title="What was recorded">
      <ol className="flex flex-col text-sm">
        {objective.changes.map((one) => (
          <li key={`${one.atMs} ${one.kind} ${one.keyResultId ?? ""} ${one.to ?? ""}`} className="flex flex-col border-b border-line py-2">
            <span>
              {one.keyResultId === null
                ? titleWords(one.kind.replace("objective.", ""))
                : `${nameOf(one.keyResultId)}: ${one.from ?? "?"} → ${one.to ?? "?"}`}
              <span className="text-ink-3">
                {" "}
                by {plainWords(one.by)}, <Ago atMs={one.atMs} />
              </span>
            </span>
            {one.reason !== "" && <span className="max-w-[75ch] text-ink-2">{one.reason}</span>}
          </li>
        ))}
      </ol>
    </Section>
  );
}
