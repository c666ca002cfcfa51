import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { DivisionDocument } from "../../../../contract/performer-contract.ts";
import { useMay } from "../../shell/may.ts";
import { Page, PageHead, Section } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { countText, plainWords, titleWords } from "../../shell/words.ts";
import { isEquipped } from "./divisions-page.tsx";
import { PersonaTable } from "./persona-table.tsx";
import { divisionsQuery, staffQuery } from "./staff-queries.ts";

const route = getRouteApi("/framed/divisions/$division");

/** What a division will have, for those that have nothing yet. */
const awaited: { readonly [division: string]: string } = {
  management: "Schedules, a register of risks and early warnings will be here; they need the schedule over all projects.",
  policy: "Versioned policies with controls, compliance checks and gap reports will be here; they need its personas and checks as rules.",
  legal: "Clause detection, positions and redlines will be here; they need its personas, its playbooks and reading of documents.",
  support: "Answers with citations and escalation patterns will be here; they need a knowledge base and its personas.",
  executive:
    "Scenarios over the portfolio and calibrated forecasts will be here; they need the schedule over all projects and outcomes to calibrate on.",
};

/** One division's home: its personas, playbooks and what it does by rules. */
export function DivisionPage() {
  const { division: key } = route.useParams();
  const divisions = useQuery(divisionsQuery);
  const division = divisions.data?.items.find((one) => one.key === key);
  return (
    <Page title={division?.name ?? titleWords(key)}>
      <PageHead
        over={
          <Link to="/divisions" className="hover:underline">
            Division
          </Link>
        }
        title={division?.name ?? titleWords(key)}
        answer={division?.purpose}
      />
      <Loaded query={divisions} rows={6}>
        {() =>
          division === undefined ? (
            <EmptyState>There is no division of this name.</EmptyState>
          ) : isEquipped(division) ? (
            <Equipped division={division} />
          ) : (
            <EmptyState
              act={
                <p className="text-sm text-ink-3">
                  A library whose personas name <code className="font-mono text-xs">{division.key}</code> as their division fills it: xvc
                  persona add FILE.
                </p>
              }
            >
              {awaited[key] ?? "This division has no persona and no playbook yet."}
            </EmptyState>
          )
        }
      </Loaded>
    </Page>
  );
}

function Equipped({ division }: { readonly division: DivisionDocument }) {
  const staff = useQuery(staffQuery);
  const may = useMay();
  return (
    <>
      <Section title="Personas" aside={countText(division.personas.length, "persona")} bare>
        <Loaded query={staff} rows={4}>
          {(document) => (
            <PersonaTable
              personas={document.personas.filter((persona) => persona.division === division.key)}
              caption={`Personas of ${division.name}`}
            />
          )}
        </Loaded>
      </Section>
      <Section title="Playbooks" aside={countText(division.playbooks.length, "playbook")} bare>
        {division.playbooks.length === 0 ? (
          <p className="border-t border-line py-2 text-sm text-ink-3">None yet.</p>
        ) : (
          <Table
            caption={`Playbooks of ${division.name}`}
            head={
              <>
                <Th>Playbook</Th>
                <Th number>Version</Th>
                <Th number>Tasks</Th>
              </>
            }
          >
            {division.playbooks.map((playbook) => (
              <Row key={playbook.name}>
                <Td>
                  {may("submit-request") ? (
                    <Link to="/requests/new" search={{ playbook: playbook.name }} data-row className="font-medium hover:underline">
                      {playbook.name}
                    </Link>
                  ) : (
                    <span className="font-medium">{playbook.name}</span>
                  )}
                </Td>
                <Td number className="text-sm">
                  {playbook.version}
                </Td>
                <Td number className="text-sm">
                  {playbook.taskCount}
                </Td>
              </Row>
            ))}
          </Table>
        )}
      </Section>
      <RulesTasks division={division} />
    </>
  );
}

function RulesTasks({ division }: { readonly division: DivisionDocument }) {
  return (
    <Section title="Done by rules" aside="without a model and without a person">
      {division.ruleTasks.length === 0 ? (
        <p className="text-sm text-ink-3">Nothing here runs by rules alone.</p>
      ) : (
        <ul className="columns-1 gap-6 text-sm sm:columns-2 lg:columns-3">
          {division.ruleTasks.map((task) => (
            <li key={task} className="break-inside-avoid py-0.5">
              {plainWords(task)}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
