import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { MetricScriptsDocument } from "../../../../contract/metrics-contract.ts";
import { call, query } from "../../api.ts";
import { Ago } from "../../shell/clock.tsx";
import { Section } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { countText } from "../../shell/words.ts";

const scriptsQuery = (days: string, project: string) =>
  queryOptions({
    queryKey: ["metrics", "scripts", days, project],
    queryFn: () => call<MetricScriptsDocument>("GET", `/api/metrics/scripts${query({ days, project })}`),
    placeholderData: keepPreviousData,
  });

/** Formulas of the organization's own, run on the server in their sandbox; they come after everything else of the page. */
export function OwnFormulas({ days, project }: { readonly days: string; readonly project: string }) {
  const scripts = useQuery(scriptsQuery(days, project));
  return (
    <Section title="Your own formulas" bare>
      <Loaded query={scripts} rows={2}>
        {(document) =>
          document.items.length === 0 ? (
            <EmptyState
              act={
                <Link to="/settings/$tab" params={{ tab: "scripts" }} className="text-accent underline">
                  Scripts
                </Link>
              }
            >
              No metric script is active. Store a formula under Settings, Scripts; once its tests hold and it is active, its number stands
              here.
            </EmptyState>
          ) : (
            <Measured document={document} />
          )
        }
      </Loaded>
    </Section>
  );
}

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });

const faultWords: { readonly [fault in NonNullable<MetricScriptsDocument["items"][number]["fault"]>]: string } = {
  syntax: "is no module with a function",
  threw: "failed",
  time: "ran too long",
  memory: "took too much memory",
  stack: "called itself too deeply",
  answer: "gave no number",
  "too-large": "would get more than fits",
};

function Measured({ document }: { readonly document: MetricScriptsDocument }) {
  return (
    <div className="flex flex-col gap-2">
      <Table
        caption="Your own formulas"
        head={
          <>
            <Th>Formula</Th>
            <Th number className="w-44 max-sm:w-28">
              Value
            </Th>
            <Th number className="w-24">
              n
            </Th>
          </>
        }
      >
        {document.items.map((item) => (
          <ScriptRow key={item.label} item={item} />
        ))}
      </Table>
      <p className="max-w-[75ch] text-xs text-ink-3">
        Worked out <Ago atMs={document.computedAtMs} /> and kept for {document.keptMs / 1_000} seconds. Each formula gets the numbers of
        this page, requests and tasks by state and the data of entities, and runs within the limits of a script. Its n is what it says
        itself.
        {document.left > 0 &&
          ` ${countText(document.left, "more active formula", "more active formulas")} did not fit and ${document.left === 1 ? "was" : "were"} not run.`}
      </p>
    </div>
  );
}

function ScriptRow({ item }: { readonly item: MetricScriptsDocument["items"][number] }) {
  return (
    <Row>
      <Td className="py-1.5">
        <span className="font-medium">{item.title}</span>{" "}
        <Link to="/settings/$tab" params={{ tab: "scripts" }} hash={item.label} className="font-mono text-xs underline">
          {item.label}
        </Link>
        {item.fault !== null && (
          <span className="block max-w-[90ch] text-xs wrap-anywhere text-bad">
            It {faultWords[item.fault]}: {item.message}
          </span>
        )}
      </Td>
      <Td number className="py-1.5 align-top">
        {item.value === null ? (
          <span className="text-xs whitespace-normal text-ink-3">{item.fault === null ? "nothing to measure" : "no value"}</span>
        ) : (
          <span className="font-semibold">{number.format(item.value)}</span>
        )}
      </Td>
      <Td number className="py-1.5 align-top text-sm">
        {item.n === null ? <span className="text-xs text-ink-3">not said</span> : item.n.toLocaleString()}
      </Td>
    </Row>
  );
}
