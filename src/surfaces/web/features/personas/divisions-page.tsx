import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { DivisionDocument } from "../../../../contract/performer-contract.ts";
import { ExportButton } from "../../shell/export-button.tsx";
import { Page, PageHead } from "../../shell/page.tsx";
import { Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { divisionsQuery } from "./staff-queries.ts";

/** The functions of the organization, each with a home of its own. */
export function DivisionsPage() {
  const divisions = useQuery(divisionsQuery);
  const equipped = divisions.data?.items.filter(isEquipped).length ?? 0;
  return (
    <Page title="Divisions">
      <PageHead
        title="Divisions"
        answer={
          divisions.data === undefined
            ? null
            : `${equipped} of ${divisions.data.items.length} divisions have personas or playbooks; the others are named and wait for theirs.`
        }
        acts={<ExportButton name="xvc-divisions" rows={divisions.data?.items ?? []} />}
      />
      <Loaded query={divisions} rows={6}>
        {({ items }) => (
          <Table
            caption="Divisions"
            head={
              <>
                <Th>Division</Th>
                <Th number>Personas</Th>
                <Th number>Playbooks</Th>
                <Th number>Rules tasks</Th>
              </>
            }
          >
            {items.map((division) => (
              <Row key={division.key}>
                <Td className="py-1.5">
                  <Link to="/divisions/$division" params={{ division: division.key }} data-row className="font-medium hover:underline">
                    {division.name}
                  </Link>
                  <span className="block text-xs text-ink-3">{division.purpose}</span>
                </Td>
                {[division.personas.length, division.playbooks.length, division.ruleTasks.length].map((count, at) => (
                  // The three counts never change places.
                  <Td key={["personas", "playbooks", "rules"][at]} number className={count === 0 ? "text-sm text-ink-3" : "text-sm"}>
                    {count}
                  </Td>
                ))}
              </Row>
            ))}
          </Table>
        )}
      </Loaded>
    </Page>
  );
}

export const isEquipped = (division: DivisionDocument): boolean =>
  division.personas.length + division.playbooks.length + division.ruleTasks.length > 0;
