import { useQuery } from "@tanstack/react-query";
import { ExportButton } from "../../shell/export-button.tsx";
import { Page, PageHead } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";
import { PersonaTable } from "./persona-table.tsx";
import { qualityMeans } from "./quality-figure.tsx";
import { staffQuery } from "./staff-queries.ts";

/** Workers described as data: who knows what, how well each did. */
export function PersonasPage() {
  const staff = useQuery(staffQuery);
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
      <Loaded query={staff}>
        {(document) =>
          document.personas.length === 0 ? (
            <EmptyState>No persona is known. Import a library with: xvc persona add FILE.</EmptyState>
          ) : (
            <>
              <PersonaTable personas={document.personas} caption="Personas" />
              <p className="max-w-[85ch] text-xs text-ink-3">{qualityMeans} Open tasks stand beside how many the persona takes at once.</p>
            </>
          )
        }
      </Loaded>
    </Page>
  );
}
