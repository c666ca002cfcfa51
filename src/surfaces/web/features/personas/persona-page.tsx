import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { PersonaDetail, WorkDocument } from "../../../../contract/performer-contract.ts";
import { RehearsalBadge } from "../../marks/rehearsal-badge.tsx";
import { StateMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";
import { ExportButton } from "../../shell/export-button.tsx";
import { Facts, Page, PageHead, Section } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { countText, durationText, plainWords, titleWords } from "../../shell/words.ts";
import { PersonaActs } from "./persona-acts.tsx";
import { PersonaFacts } from "./persona-facts.tsx";
import { PersonaProposals } from "./persona-proposals.tsx";
import { PersonaTrust } from "./persona-trust.tsx";
import { PersonaVersions } from "./persona-versions.tsx";
import { qualityMeans, QualityFigure } from "./quality-figure.tsx";
import { personaQuery } from "./staff-queries.ts";

const route = getRouteApi("/framed/personas/$key");

/** One persona: what it is, how well it does, what it was before and what it did lately. */
export function PersonaPage() {
  const { key } = route.useParams();
  const query = useQuery(personaQuery(key));
  return (
    <Page title={titleWords(key)}>
      <PageHead
        over={
          <Link to="/personas" className="hover:underline">
            Persona
          </Link>
        }
        title={titleWords(key)}
        answer={query.data === undefined ? null : answerOf(query.data)}
        acts={
          <>
            {query.data !== undefined && <PersonaActs persona={query.data} />}
            <ExportButton name={`xvc-work-of-${key}`} rows={query.data?.work ?? []} />
          </>
        }
      />
      <Loaded query={query} rows={8}>
        {(persona) => (
          <>
            <PersonaProposals proposals={persona.proposals} />
            <div className="grid gap-6 md:grid-cols-2">
              <PersonaFacts persona={persona} />
              <Section title="How it does">
                <Facts
                  rows={[
                    ["First-pass yield", <QualityFigure key="quality" of={plainWords(persona.key)} quality={persona.quality} />],
                    [
                      "On hand",
                      `${countText(persona.load.onHand, "open task")}, ${persona.load.running} being worked on, ${persona.load.held} held`,
                    ],
                    ["At once", `takes ${countText(persona.capacity, "task")}`],
                  ]}
                />
                <p className="text-xs text-ink-3">{qualityMeans}</p>
              </Section>
            </div>
            <PersonaTrust personaKey={persona.key} />
            <PersonaVersions persona={persona} />
            <Work work={persona.work} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

const answerOf = (persona: PersonaDetail): string =>
  `${persona.retired ? "Retired: it gets no new work. " : ""}${titleWords(persona.worldview)}. Version ${persona.version} in ${persona.division}; its work is done by ${persona.executors.join(", then ") || "nobody"}.`;

function Work({ work }: { readonly work: readonly WorkDocument[] }) {
  return (
    <Section title="Latest work" aside={work.length === 0 ? undefined : `${work.length} attempts, the newest first`} bare>
      {work.length === 0 ? (
        <EmptyState>This persona has not been given any task yet.</EmptyState>
      ) : (
        <Table
          caption="Latest attempts"
          head={
            <>
              <Th>Task</Th>
              <Th>Attempt</Th>
              <Th className="max-sm:hidden">By</Th>
              <Th number className="max-sm:hidden">
                Took
              </Th>
              <Th number>Ended</Th>
            </>
          }
        >
          {work.map((one) => (
            <Row key={one.attemptId}>
              <Td className="w-full max-w-0 min-w-36 py-1.5">
                <span className="flex min-w-0 items-center gap-2">
                  <Link to="/task/$" params={{ _splat: one.taskLabel }} data-row className="min-w-0 truncate text-sm hover:underline">
                    {one.title}
                  </Link>
                  {one.rehearsal && <RehearsalBadge />}
                </span>
                <span className="block truncate font-mono text-xs text-ink-3">{one.taskLabel}</span>
              </Td>
              <Td className="text-sm">
                <StateMark state={one.state} />
              </Td>
              <Td className="text-sm text-ink-2 max-sm:hidden">{one.executor}</Td>
              <Td number className="text-sm text-ink-2 max-sm:hidden">
                {one.startedAtMs === null || one.endedAtMs === null ? "–" : durationText(one.endedAtMs - one.startedAtMs)}
              </Td>
              <Td number className="text-sm text-ink-3">
                {one.endedAtMs === null ? "not yet" : <Ago atMs={one.endedAtMs} rehearsal={one.rehearsal} />}
              </Td>
            </Row>
          ))}
        </Table>
      )}
    </Section>
  );
}
