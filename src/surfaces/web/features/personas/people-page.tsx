import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { StaffDocument, StaffPerson, StaffTeam } from "../../../../contract/performer-contract.ts";
import { PerformerName } from "../../marks/performer-name.tsx";
import { AddressLink } from "../../shell/address-link.tsx";
import { ExportButton } from "../../shell/export-button.tsx";
import { Page, PageHead, Section } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { countText, titleWords } from "../../shell/words.ts";
import { PersonaTable } from "./persona-table.tsx";
import { qualityMeans, QualityFigure } from "./quality-figure.tsx";
import { staffQuery } from "./staff-queries.ts";

/** Who can do what, how well, how busy: people by team, personas by division. */
export function PeoplePage() {
  const staff = useQuery(staffQuery);
  return (
    <Page title="People and personas" wide>
      <PageHead
        title="People and personas"
        answer={staff.data === undefined ? null : answerOf(staff.data)}
        acts={<ExportButton name="xvc-staff" rows={staff.data === undefined ? [] : [...staff.data.people, ...staff.data.personas]} />}
      />
      <Loaded query={staff} rows={8}>
        {(document) => (
          <>
            <People staff={document} />
            <Personas staff={document} />
            <p className="max-w-[85ch] text-xs text-ink-3">{qualityMeans}</p>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function answerOf({ people, personas }: StaffDocument): string {
  const busy = [...people, ...personas].filter((one) => one.load.onHand > 0).length;
  return `${countText(people.length, "person", "people")} and ${countText(personas.length, "persona")}; ${busy === 0 ? "none has" : `${busy} ${busy === 1 ? "has" : "have"}`} an open task. A person decides and answers for it; a persona is a worker described as data.`;
}

/** Teams with their lead first, then everybody who is in none. */
function People({ staff }: { readonly staff: StaffDocument }) {
  const byId = new Map(staff.people.map((person) => [person.id, person]));
  const placed = new Set(staff.teams.flatMap((team) => team.memberIds));
  const loose = staff.people.filter((person) => !placed.has(person.id));
  return (
    <>
      {staff.teams.map((team) => (
        <Team key={team.id} team={team} members={membersOf(team, byId)} />
      ))}
      {loose.length > 0 && (
        <Section title={staff.teams.length === 0 ? "People" : "In no team"} aside={countText(loose.length, "person", "people")} bare>
          <PersonTable people={loose} leadId={null} caption="People in no team" />
        </Section>
      )}
      {staff.teams.length === 0 && (
        <p className="text-sm text-ink-3">
          No team is named yet.{" "}
          <Link to="/settings/$tab" params={{ tab: "people" }} className="text-accent underline">
            Settings
          </Link>{" "}
          is where people and teams are kept.
        </p>
      )}
    </>
  );
}

function membersOf(team: StaffTeam, byId: ReadonlyMap<string, StaffPerson>): readonly StaffPerson[] {
  const members = team.memberIds.map((id) => byId.get(id)).filter((person) => person !== undefined);
  return [...members.filter((person) => person.id === team.leadId), ...members.filter((person) => person.id !== team.leadId)];
}

function Team({ team, members }: { readonly team: StaffTeam; readonly members: readonly StaffPerson[] }) {
  return (
    <Section title={team.name} aside={countText(members.length, "person", "people")} bare>
      {members.length === 0 ? (
        <p className="border-t border-line py-2 text-sm text-ink-3">Nobody is in this team now.</p>
      ) : (
        <PersonTable people={members} leadId={team.leadId} caption={`People of ${team.name}`} />
      )}
    </Section>
  );
}

function PersonTable({
  people,
  leadId,
  caption,
}: {
  readonly people: readonly StaffPerson[];
  readonly leadId: string | null;
  readonly caption: string;
}) {
  return (
    <Table
      caption={caption}
      head={
        <>
          <Th>Person</Th>
          <Th className="w-[26%] max-sm:hidden">Roles</Th>
          <Th className="w-[26%] max-sm:w-36">Quality</Th>
          <Th number className="w-24">
            Open tasks
          </Th>
        </>
      }
    >
      {people.map((person) => (
        <Row key={person.id}>
          <Td>
            <span className={person.id === leadId || leadId === null ? "" : "inline-block border-l border-line pl-3"}>
              <AddressLink address={`/board?performer=person:${person.id}`} className="hover:underline">
                <PerformerName kind="person" name={person.name} />
              </AddressLink>
              {person.id === leadId && <span className="ml-2 text-xs text-ink-3">leads</span>}
            </span>
          </Td>
          <Td className="text-sm text-ink-2 max-sm:hidden">{person.roles.map(titleWords).join(", ")}</Td>
          <Td>
            <QualityFigure of={person.name} quality={person.quality} />
          </Td>
          <Td number className="text-sm">
            {person.load.onHand}
          </Td>
        </Row>
      ))}
    </Table>
  );
}

function Personas({ staff }: { readonly staff: StaffDocument }) {
  const divisions = [...new Set(staff.personas.map((persona) => persona.division))].toSorted((left, right) => (left < right ? -1 : 1));
  if (divisions.length === 0) return <EmptyState>No persona is known. Import a library with: xvc persona add FILE.</EmptyState>;
  return (
    <>
      {divisions.map((division) => {
        const personas = staff.personas.filter((persona) => persona.division === division);
        return (
          <Section key={division} title={`${titleWords(division)}: personas`} aside={countText(personas.length, "persona")} bare>
            <PersonaTable personas={personas} caption={`Personas of ${division}`} />
          </Section>
        );
      })}
    </>
  );
}
