import { useQuery } from "@tanstack/react-query";
import { ExportButton } from "../../shell/export-button.tsx";
import type { StaffPersona } from "../../../../contract/performer-contract.ts";
import { useMoment } from "../../shell/moment-context.ts";
import { Page, PageHead, Section } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { countText, titleWords } from "../../shell/words.ts";
import { proposalsQuery } from "./persona-data.ts";
import { PersonaImport } from "./persona-import.tsx";
import { PersonaProposals } from "./persona-proposals.tsx";
import { PersonaTable } from "./persona-table.tsx";
import { qualityMeans } from "./quality-figure.tsx";
import { staffQuery } from "./staff-queries.ts";

/** Divisions in the order in which their first persona stands. */
const divisionsOf = (personas: readonly StaffPersona[]): readonly (readonly [string, readonly StaffPersona[]])[] =>
  [...new Set(personas.map(({ division }) => division))].map((division) => [
    division === "" ? "no division" : division,
    personas.filter((persona) => persona.division === division),
  ]);

/** Workers described as data: who knows what, how well each did. */
export function PersonasPage() {
  const staff = useQuery(staffQuery);
  const isPast = useMoment() !== null;
  const proposals = useQuery({ ...proposalsQuery, enabled: !isPast });
  const personas = staff.data?.personas;
  return (
    <Page title="Personas">
      <PageHead
        title="Personas"
        answer={
          personas === undefined
            ? null
            : `${countText(personas.length, "persona")}. A persona says what a worker knows and may use; a person, rules or a model does its work.`
        }
        acts={<ExportButton name="xvc-personas" rows={personas ?? []} />}
      />
      {!isPast && <PersonaImport />}
      {!isPast && <PersonaProposals proposals={proposals.data?.items ?? []} />}
      <Loaded query={staff}>
        {(document) =>
          document.personas.length === 0 ? (
            <EmptyState>No persona is known. Import a library with: xvc persona add FILE.</EmptyState>
          ) : (
            <>
              {divisionsOf(document.personas).map(([division, personas]) => (
                <Section key={division} title={titleWords(division)} aside={countText(personas.length, "persona")} bare>
                  <PersonaTable personas={personas} caption={`Personas of ${division}`} />
                </Section>
              ))}
              <p className="max-w-[85ch] text-xs text-ink-3">{qualityMeans} Open tasks stand beside how many the persona takes at once.</p>
            </>
          )
        }
      </Loaded>
    </Page>
  );
}
