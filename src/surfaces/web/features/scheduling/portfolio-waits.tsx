import type { PortfolioDocument } from "../../../../contract/portfolio-contract.ts";
import { RiskMark, StateMark } from "../../marks/state-mark.tsx";
import { AddressLink } from "../../shell/address-link.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Section } from "../../shell/page.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";

const ofAll = (shown: number, all: number): string => (shown < all ? `the ${shown} oldest of ${all}` : `${all}`);

/** What waits, and for whom; what cannot go on. */
export function PortfolioWaits({ portfolio }: { readonly portfolio: PortfolioDocument }) {
  return (
    <div className="grid gap-6 lg:grid-cols-2">
      <Waits portfolio={portfolio} />
      <Blockers portfolio={portfolio} />
    </div>
  );
}

function Waits({ portfolio }: { readonly portfolio: PortfolioDocument }) {
  return (
    <Section title="Waits for people" aside={ofAll(portfolio.waits.length, portfolio.waitCount)} bare>
      {portfolio.waits.length === 0 ? (
        <p className="border-t border-line py-2 text-sm text-ink-3">Nobody is asked anything.</p>
      ) : (
        <Table
          caption="Open questions and approvals, the oldest first"
          head={
            <>
              <Th>Asked</Th>
              <Th>For</Th>
              <Th className="max-sm:hidden">Risk</Th>
              <Th number>Since</Th>
            </>
          }
        >
          {portfolio.waits.map((wait) => (
            <Row key={wait.itemId}>
              <Td className="w-full max-w-0 min-w-36 py-1.5">
                <AddressLink address={`/inbox?item=${wait.itemId}`} className="block truncate text-sm hover:underline">
                  {wait.title}
                </AddressLink>
                {wait.request !== null && <span className="block truncate font-mono text-xs text-ink-3">{wait.request.label}</span>}
              </Td>
              <Td className="text-sm sm:whitespace-nowrap">{wait.waitsFor}</Td>
              <Td className="text-sm max-sm:hidden">
                <RiskMark risk={wait.risk} />
              </Td>
              <Td number className="text-sm text-ink-3">
                <Ago atMs={wait.askedAtMs} rehearsal={portfolio.mode === "rehearsal"} />
              </Td>
            </Row>
          ))}
        </Table>
      )}
    </Section>
  );
}

function Blockers({ portfolio }: { readonly portfolio: PortfolioDocument }) {
  return (
    <Section title="Blockers" aside={ofAll(portfolio.blocked.length, portfolio.blockedCount)} bare>
      {portfolio.blocked.length === 0 ? (
        <p className="border-t border-line py-2 text-sm text-ink-3">No task is blocked or escalated.</p>
      ) : (
        <Table
          caption="Tasks that cannot go on, the oldest first"
          head={
            <>
              <Th>Task</Th>
              <Th>State</Th>
              <Th number>Since</Th>
            </>
          }
        >
          {portfolio.blocked.map((task) => (
            <Row key={task.label}>
              <Td className="w-full max-w-0 min-w-36 py-1.5">
                <AddressLink address={`/task/${task.label}`} className="block truncate text-sm hover:underline">
                  {task.title}
                </AddressLink>
                <span className="block truncate text-xs text-ink-3">
                  <span className="font-mono">{task.label}</span> {task.reason}
                </span>
              </Td>
              <Td className="text-sm">
                <StateMark state={task.state} />
              </Td>
              <Td number className="text-sm text-ink-3">
                <Ago atMs={task.sinceMs} rehearsal={portfolio.mode === "rehearsal"} />
              </Td>
            </Row>
          ))}
        </Table>
      )}
    </Section>
  );
}
