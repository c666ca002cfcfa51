import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { CalibrationDocument } from "../../../../contract/metrics-contract.ts";
import { call, query } from "../../api.ts";
import { QualityWhisker } from "../../marks/quality-whisker.tsx";
import { Section } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { countText } from "../../shell/words.ts";

const calibrationQuery = (project: string) =>
  queryOptions({
    queryKey: ["metrics", "calibration", project],
    queryFn: () => call<CalibrationDocument>("GET", `/api/metrics/calibration${query({ project })}`),
  });

/** Does it come as often as people say it will. */
export function Calibration({ project }: { readonly project: string }) {
  const calibration = useQuery(calibrationQuery(project));
  return (
    <Section title="Confidence and outcome" bare>
      <Loaded query={calibration} rows={3}>
        {(document) =>
          document.n === 0 ? (
            <EmptyState
              act={
                <Link to="/memory/record" className="text-accent underline">
                  Record a decision
                </Link>
              }
            >
              No decision with a stated confidence has held or failed yet. Say how sure you are when you record a decision, and how it
              turned out when you know.
              {leftOut(document)}
            </EmptyState>
          ) : (
            <Measured document={document} />
          )
        }
      </Loaded>
    </Section>
  );
}

function leftOut({ mixed, unstated }: CalibrationDocument): string {
  const parts = [
    ...(mixed === 0 ? [] : [`${countText(mixed, "outcome")} that ${mixed === 1 ? "is" : "are"} neither yes nor no`]),
    ...(unstated === 0 ? [] : [`${countText(unstated, "outcome")} of decisions without a stated confidence`]),
  ];
  return parts.length === 0 ? "" : ` Not in it: ${parts.join(", ")}.`;
}

const score = (value: number): string => value.toFixed(3);
const percent = (share: number): string => `${Math.round(share * 100)} %`;

function Measured({ document }: { readonly document: CalibrationDocument }) {
  const { n, fewest, brier, interval, definition, bins } = document;
  return (
    <div className="flex flex-col gap-3">
      <p className="text-sm">
        {brier === null || interval === null ? (
          <>
            Not enough data for a score: {n} of {fewest} decisions.
          </>
        ) : (
          <>
            Brier score <strong className="font-semibold tabular-nums">{score(brier)}</strong>, 95 % interval{" "}
            <span className="tabular-nums">
              {score(interval.low)} to {score(interval.high)}
            </span>
            , n = {n}.
          </>
        )}
      </p>
      <p className="max-w-[90ch] text-xs text-ink-3">
        {definition}
        {leftOut(document)} Decisions of rehearsals are never counted; of all outcomes the newest {document.newest.toLocaleString()} are
        looked at, whatever the window.
      </p>
      <Bins bins={bins} />
    </div>
  );
}

const Bins = ({ bins }: Pick<CalibrationDocument, "bins">) => (
  <Table
    caption="What was said, and how often it came"
    head={
      <>
        <Th>Said</Th>
        <Th number className="w-28 max-sm:hidden">
          Mean said
        </Th>
        <Th className="w-64 max-sm:w-auto">Came, with 95 % interval</Th>
        <Th number className="w-16">
          n
        </Th>
      </>
    }
  >
    {bins.map((bin) => (
      <Row key={bin.from}>
        <Td className="text-sm whitespace-nowrap">
          {percent(bin.from)} to {percent(bin.to)}
        </Td>
        <Td number className="text-sm max-sm:hidden">
          {bin.said === null ? <span aria-label="none">–</span> : percent(bin.said)}
        </Td>
        <Td>
          {bin.came === null || bin.interval === null ? (
            <span className="text-sm text-ink-3">nothing was said</span>
          ) : (
            <QualityWhisker
              of={`came, of what was said at ${percent(bin.from)} to ${percent(bin.to)}`}
              mean={bin.came}
              low={bin.interval.low}
              high={bin.interval.high}
              n={bin.n}
            />
          )}
        </Td>
        <Td number className="text-sm">
          {bin.n}
        </Td>
      </Row>
    ))}
  </Table>
);
