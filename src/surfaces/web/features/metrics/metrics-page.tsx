import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { MetricDocument, MetricsDocument } from "../../../../contract/metrics-contract.ts";
import { call, query } from "../../api.ts";
import { AddressLink } from "../../shell/address-link.tsx";
import { ExportButton } from "../../shell/export-button.tsx";
import { Page, PageHead, Section } from "../../shell/page.tsx";
import { pillLook } from "../../shell/pill.ts";
import { useProjectKey } from "../../shell/project-scope.ts";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { Calibration } from "./metrics-calibration.tsx";
import { OwnFormulas } from "./metrics-scripts.tsx";
import { auditAddress, intervalText, trendText, valueText } from "./metric-words.ts";

const route = getRouteApi("/framed/metrics");
const windows = ["7", "30", "90"] as const;
const refreshMs = 60_000;

const metricsQuery = (days: string, project: string) =>
  queryOptions({
    queryKey: ["metrics", days, project],
    queryFn: () => call<MetricsDocument>("GET", `/api/metrics${query({ days, project })}`),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });

/** Are we getting better: each number with its definition, n, interval, baseline and rows. */
export function MetricsPage() {
  const { days = "30" } = route.useSearch();
  const window = windows.find((one) => one === days) ?? "30";
  const project = useProjectKey();
  const metrics = useQuery(metricsQuery(window, project));
  return (
    <Page title="Metrics">
      <PageHead
        title="Metrics"
        answer={metrics.data === undefined ? null : answerOf(metrics.data)}
        acts={<ExportButton name="xvc-metrics" rows={metrics.data === undefined ? [] : all(metrics.data)} />}
      />
      <Windows current={window} />
      <Loaded query={metrics} rows={8}>
        {(document) => (
          <>
            <MetricTable title="Flow and quality" metrics={document.flow} />
            <MetricTable title="Oversight" metrics={document.people} />
            <MetricTable title="Time in each state" metrics={document.stages} />
            <p className="max-w-[75ch] text-xs text-ink-3">
              Counted from events of {document.projects.length === 0 ? "no project" : document.projects.join(", ")}; rehearsals are never
              counted. Of each kind of event the newest {document.newest.toLocaleString()} are looked at. The change compares with the{" "}
              {document.days} days before. There is no score: numbers that mean different things are not added up.
            </p>
            <Calibration project={project} />
            <OwnFormulas days={window} project={project} />
            <EmptyState>
              Forecast against outcome, use of capacity and satisfaction will stand here; they need estimates compared with finished work,
              capacities and answers to a pulse, which nothing records yet.
            </EmptyState>
          </>
        )}
      </Loaded>
    </Page>
  );
}

const all = (document: MetricsDocument): readonly MetricDocument[] => [...document.flow, ...document.people, ...document.stages];

function answerOf(document: MetricsDocument): string {
  const known = all(document).filter((metric) => metric.value !== null).length;
  const [delivered, accepted] = document.flow;
  return `In the last ${document.days} days ${delivered?.n ?? 0} ${delivered?.n === 1 ? "request was" : "requests were"} delivered and ${accepted?.n ?? 0} ${accepted?.n === 1 ? "task was" : "tasks were"} accepted. ${known} of ${all(document).length} numbers rest on enough data.`;
}

function Windows({ current }: { readonly current: string }) {
  return (
    <nav aria-label="Window">
      <ul className="flex gap-1">
        {windows.map((days) => (
          <li key={days}>
            <Link
              to="/metrics"
              search={(before) => ({ ...before, days })}
              aria-current={days === current ? "page" : undefined}
              className={pillLook(days === current)}
            >
              {days} days
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function MetricTable({ title, metrics }: { readonly title: string; readonly metrics: readonly MetricDocument[] }) {
  return (
    <Section title={title} bare>
      <Table
        caption={title}
        head={
          <>
            <Th>Metric</Th>
            <Th number className="w-36 max-sm:w-24">
              Value
            </Th>
            <Th number className="w-44 max-md:hidden">
              Interval
            </Th>
            <Th number className="w-28 max-sm:hidden">
              Change
            </Th>
            <Th number className="w-16">
              n
            </Th>
          </>
        }
      >
        {metrics.map((metric) => (
          <MetricRow key={metric.key} metric={metric} />
        ))}
      </Table>
    </Section>
  );
}

function MetricRow({ metric }: { readonly metric: MetricDocument }) {
  const isKnown = metric.value !== null;
  return (
    <Row>
      <Td className="py-1.5">
        <span className="font-medium">{metric.label}</span>
        <span className="block max-w-[90ch] text-xs text-ink-3">{metric.definition}</span>
      </Td>
      <Td number className="align-top py-1.5">
        {isKnown ? (
          <span className="font-semibold">{valueText(metric.value, metric.unit)}</span>
        ) : (
          <span className="text-xs whitespace-normal text-ink-3">not enough data</span>
        )}
      </Td>
      <Td number className="py-1.5 align-top text-sm text-ink-2 max-md:hidden">
        {metric.interval === null ? (
          <span aria-label="none">–</span>
        ) : (
          <>
            {intervalText(metric)}
            <span className="block text-xs text-ink-3">{metric.intervalMeans}</span>
          </>
        )}
      </Td>
      <Td number className="py-1.5 align-top text-sm text-ink-2 max-sm:hidden">
        {trendText(metric) ?? <span aria-label="no baseline">–</span>}
        {metric.before !== null && isKnown && <span className="block text-xs text-ink-3">before: n = {metric.before.n}</span>}
      </Td>
      <Td number className="py-1.5 align-top text-sm">
        {metric.n === 0 ? (
          <span className="text-ink-3">0</span>
        ) : (
          <AddressLink
            address={auditAddress(metric.rows)}
            className="underline underline-offset-2"
            label={`${metric.n} events behind ${metric.label}`}
          >
            {metric.n.toLocaleString()}
          </AddressLink>
        )}
        {!isKnown && <span className="block text-xs text-ink-3">of {metric.fewest}</span>}
      </Td>
    </Row>
  );
}
