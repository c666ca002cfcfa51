import type { PortfolioDocument, PortfolioProject, PortfolioStay } from "../../../../contract/portfolio-contract.ts";
import { type Stage, stageNames, stages } from "../../marks/stages.ts";
import { AddressLink } from "../../shell/address-link.tsx";
import { Section } from "../../shell/page.tsx";
import { EmptyState } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { durationText, plainWords } from "../../shell/words.ts";

/** States whose requests stand in a stage, as the request list filters them. */
const statesOf: { readonly [stage in Stage]: readonly string[] } = {
  request: ["submitted"],
  analysis: ["analysing", "needs-input"],
  decomposition: ["planning", "awaiting-approval"],
  assignment: [],
  execution: ["active"],
  review: [],
  integration: ["integrating"],
};

/** Stages that a request's state names; assignment and review are seen on its tasks. */
const shown = stages.filter((stage) => statesOf[stage].length > 0);

/** Where the requests of each project are: the rail, added up. */
export function PortfolioFlow({ portfolio }: { readonly portfolio: PortfolioDocument }) {
  if (portfolio.projects.length === 0)
    return (
      <EmptyState>
        {portfolio.mode === "real"
          ? "There is no real project yet; xvc project add makes one."
          : "There is no rehearsal project yet; xvc demo plays one."}
      </EmptyState>
    );
  const most = Math.max(1, ...portfolio.projects.flatMap((project) => shown.map((stage) => project.stages[stage] ?? 0)));
  return (
    <Section title="Flow" aside="requests under way by stage" bare>
      <div className="overflow-x-auto">
        <Table
          caption="Requests of each project by stage"
          head={
            <>
              <Th>Project</Th>
              {shown.map((stage) => (
                <Th key={stage}>{stageNames[stage]}</Th>
              ))}
              <Th number>Paused</Th>
              <Th number>Ended</Th>
              <Th number>Open tasks</Th>
              <Th number>Held tasks</Th>
            </>
          }
        >
          {portfolio.projects.map((project) => (
            <ProjectRow key={project.id} project={project} most={most} />
          ))}
        </Table>
      </div>
    </Section>
  );
}

const requestsAddress = (key: string, states: readonly string[]): string => `/requests?project=${key}&state=${states.join(",")}`;

function ProjectRow({ project, most }: { readonly project: PortfolioProject; readonly most: number }) {
  return (
    <Row>
      <Td>
        <AddressLink address={`/requests?project=${project.key}`} className="font-medium whitespace-nowrap hover:underline">
          <span className="font-mono text-xs text-ink-2">{project.key}</span> {project.name}
        </AddressLink>
      </Td>
      {shown.map((stage) => (
        <Td key={stage} className="min-w-24">
          <Bar
            count={project.stages[stage] ?? 0}
            most={most}
            address={requestsAddress(project.key, statesOf[stage])}
            label={`${project.stages[stage] ?? 0} requests of ${project.key} in ${stageNames[stage]}`}
          />
        </Td>
      ))}
      <Count count={project.paused} address={requestsAddress(project.key, ["paused"])} label={`paused requests of ${project.key}`} />
      <Count
        count={project.ended}
        address={requestsAddress(project.key, ["delivered", "closed", "rejected", "cancelled"])}
        label={`ended requests of ${project.key}`}
      />
      <Count count={project.openTasks} address={`/board?project=${project.key}`} label={`open tasks of ${project.key}`} />
      <Count
        count={project.blockedTasks}
        address={`/board?project=${project.key}&column=held`}
        label={`blocked or escalated tasks of ${project.key}`}
        tone="text-wait"
      />
    </Row>
  );
}

interface BarProps {
  readonly count: number;
  readonly most: number;
  readonly address: string;
  readonly label: string;
}

function Bar({ count, most, address, label }: BarProps) {
  if (count === 0) return <span className="text-sm text-ink-3">0</span>;
  return (
    <AddressLink address={address} label={label} className="flex items-center gap-2 text-sm hover:underline">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" className="h-2 w-12 shrink-0">
        <rect width="100" height="8" fill="var(--line)" />
        <rect width={Math.max(4, (count / most) * 100)} height="8" fill="var(--accent)" />
      </svg>
      {count.toLocaleString()}
    </AddressLink>
  );
}

function Count({
  count,
  address,
  label,
  tone = "",
}: {
  readonly count: number;
  readonly address: string;
  readonly label: string;
  readonly tone?: string;
}) {
  return (
    <Td number className="text-sm">
      {count === 0 ? (
        <span className="text-ink-3">0</span>
      ) : (
        <AddressLink address={address} label={`${count} ${label}`} className={`hover:underline ${tone}`}>
          {count.toLocaleString()}
        </AddressLink>
      )}
    </Td>
  );
}

/** How long requests stay in each state. */
export function PortfolioStays({ portfolio }: { readonly portfolio: PortfolioDocument }) {
  return (
    <Section title="Time in stage" aside={`per visit that ended in the last ${portfolio.staysDays} days; median and ninth decile`} bare>
      <Table
        caption="Time in each state"
        head={
          <>
            <Th className="max-sm:hidden">Stage</Th>
            <Th>State</Th>
            <Th number>Median</Th>
            <Th number>Ninth decile</Th>
            <Th number>n</Th>
          </>
        }
      >
        {portfolio.stays.map((stay) => (
          <StayRow key={stay.state} stay={stay} fewest={portfolio.fewest} />
        ))}
      </Table>
    </Section>
  );
}

function StayRow({ stay, fewest }: { readonly stay: PortfolioStay; readonly fewest: number }) {
  return (
    <Row>
      <Td className="text-sm max-sm:hidden">{stageNames[stay.stage]}</Td>
      <Td className="text-sm text-ink-2">{plainWords(stay.state)}</Td>
      {stay.p50Ms === null || stay.p90Ms === null ? (
        <Td number colSpan={2} className="text-xs whitespace-normal text-ink-3">
          not enough data (of {fewest})
        </Td>
      ) : (
        <>
          <Td number className="text-sm">
            {durationText(stay.p50Ms)}
          </Td>
          <Td number className="text-sm text-ink-2">
            {durationText(stay.p90Ms)}
          </Td>
        </>
      )}
      <Td number className="text-sm text-ink-3">
        {stay.n.toLocaleString()}
      </Td>
    </Row>
  );
}
