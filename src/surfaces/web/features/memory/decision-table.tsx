import { Link } from "@tanstack/react-router";
import type { DecisionRow } from "../../../../contract/decision-contract.ts";
import { RehearsalBadge } from "../../marks/rehearsal-badge.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { plainWords } from "../../shell/words.ts";

/** Decisions with their choice, who made them and under which rule. */
export function DecisionTable({ rows, caption }: { readonly rows: readonly DecisionRow[]; readonly caption: string }) {
  return (
    <Table
      caption={caption}
      head={
        <>
          <Th>Question</Th>
          <Th>Choice</Th>
          <Th className="max-sm:hidden">By</Th>
          <Th className="max-md:hidden">Authority</Th>
          <Th number>When</Th>
        </>
      }
    >
      {rows.map((row) => (
        <Row key={row.id}>
          <Td className="w-full max-w-0 min-w-36 py-1.5">
            <span className="flex min-w-0 items-center gap-2">
              <Link
                to="/memory/decisions/$decision"
                params={{ decision: row.id }}
                data-row
                className="min-w-0 truncate font-medium hover:underline"
              >
                {row.question}
              </Link>
              {row.rehearsal && <RehearsalBadge />}
            </span>
            {row.requestLabel !== null && (
              <span className="block truncate text-xs text-ink-3">
                <span className="font-mono">{row.requestLabel}</span> {row.requestTitle}
              </span>
            )}
          </Td>
          <Td className="text-sm">{row.choice === null ? "open" : plainWords(row.choice)}</Td>
          <Td className="text-sm whitespace-nowrap text-ink-2 max-sm:hidden">{row.decider?.name ?? "nobody yet"}</Td>
          <Td className="min-w-52 text-sm text-ink-2 max-md:hidden">
            <code className="font-mono text-xs wrap-anywhere">{row.authority}</code>
            {row.soloWaiver && <span className="ml-1.5 text-xs font-medium text-wait">solo waiver</span>}
          </Td>
          <Td number className="text-sm text-ink-3">
            {row.madeAtMs === null ? "–" : <Ago atMs={row.madeAtMs} rehearsal={row.rehearsal} />}
          </Td>
        </Row>
      ))}
    </Table>
  );
}
