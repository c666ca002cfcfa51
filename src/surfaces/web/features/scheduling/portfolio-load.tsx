import type { PortfolioDocument, PortfolioLoad as Load } from "../../../../contract/portfolio-contract.ts";
import { PerformerName } from "../../marks/performer-name.tsx";
import { AddressLink } from "../../shell/address-link.tsx";
import { Section } from "../../shell/page.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";

/** Rows shown before the rest is a count; the busiest come first. */
const shownRows = 20;

/** Who has how many open tasks on hand. */
export function PortfolioLoad({ portfolio }: { readonly portfolio: PortfolioDocument }) {
  const rows = portfolio.load.slice(0, shownRows);
  const most = Math.max(1, ...rows.map((row) => row.total));
  return (
    <Section title="Load" aside="open tasks on hand, busiest first" bare>
      {rows.length === 0 ? (
        <p className="border-t border-line py-2 text-sm text-ink-3">Nobody has an open task.</p>
      ) : (
        <Table
          caption="Open tasks of each performer"
          head={
            <>
              <Th>Performer</Th>
              <Th number>Working</Th>
              <Th number className="max-sm:hidden">
                Offered
              </Th>
              <Th number className="max-sm:hidden">
                In review
              </Th>
              <Th number>Held</Th>
              <Th number>All</Th>
            </>
          }
        >
          {rows.map((row) => (
            <LoadRow key={`${row.performer.kind}:${row.performer.id}`} load={row} most={most} />
          ))}
        </Table>
      )}
      {portfolio.load.length > rows.length && (
        <p className="pt-1 text-xs text-ink-3">and {portfolio.load.length - rows.length} with less; the staff page shows everybody.</p>
      )}
    </Section>
  );
}

function LoadRow({ load, most }: { readonly load: Load; readonly most: number }) {
  const { performer } = load;
  return (
    <Row>
      <Td className="w-full max-w-0 min-w-36">
        <AddressLink
          address={performer.kind === "persona" ? `/personas/${performer.id}` : `/board?performer=person:${performer.id}`}
          className="flex min-w-0 items-center hover:underline"
        >
          <PerformerName kind={performer.kind} name={performer.name} />
        </AddressLink>
      </Td>
      <Td number className="text-sm">
        {load.running + load.assigned}
      </Td>
      <Td number className="text-sm text-ink-2 max-sm:hidden">
        {load.offered}
      </Td>
      <Td number className="text-sm text-ink-2 max-sm:hidden">
        {load.inReview + load.rework}
      </Td>
      <Td number className={`text-sm ${load.held > 0 ? "text-wait" : "text-ink-3"}`}>
        {load.held}
      </Td>
      <Td number className="text-sm">
        <AddressLink
          address={`/board?performer=${performer.kind}:${performer.id}`}
          label={`${load.total} open tasks of ${performer.name}`}
          className="inline-flex items-center gap-2 font-semibold hover:underline"
        >
          <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" className="h-2 w-12 max-sm:hidden">
            <rect width="100" height="8" fill="var(--line)" />
            <rect width={(load.total / most) * 100} height="8" fill="var(--ink-2)" />
          </svg>
          {load.total}
        </AddressLink>
      </Td>
    </Row>
  );
}
