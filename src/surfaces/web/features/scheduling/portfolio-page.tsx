import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { PortfolioDocument } from "../../../../contract/portfolio-contract.ts";
import { call, query } from "../../api.ts";
import { RehearsalBand } from "../../marks/rehearsal-badge.tsx";
import { AddressLink } from "../../shell/address-link.tsx";
import { ExportButton } from "../../shell/export-button.tsx";
import { Page, PageHead, Section } from "../../shell/page.tsx";
import { pillLook } from "../../shell/pill.ts";
import { useProjectKey } from "../../shell/project-scope.ts";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";
import { PortfolioFlow, PortfolioStays } from "./portfolio-flow.tsx";
import { PortfolioForecasts } from "./portfolio-forecasts.tsx";
import { PortfolioLoad } from "./portfolio-load.tsx";
import { PortfolioWaits } from "./portfolio-waits.tsx";

const route = getRouteApi("/framed/portfolio");
/** Counts of everything are asked again at leisure, not with every change. */
const refreshMs = 30_000;

const portfolioQuery = (mode: "real" | "rehearsal", project: string) =>
  queryOptions({
    queryKey: ["portfolio", mode, project],
    queryFn: () => call<PortfolioDocument>("GET", `/api/portfolio${query({ mode, project })}`),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });

/** Will we make it, who is overloaded, what waits for whom. */
export function PortfolioPage() {
  const { mode: wanted } = route.useSearch();
  const mode = wanted === "rehearsal" ? "rehearsal" : "real";
  const project = useProjectKey();
  const portfolio = useQuery(portfolioQuery(mode, project));
  return (
    <Page title="Portfolio" wide>
      <PageHead
        title="Portfolio"
        answer={portfolio.data === undefined ? null : <Answer portfolio={portfolio.data} />}
        acts={<ExportButton name="xvc-portfolio" rows={portfolio.data?.forecasts ?? []} />}
      />
      <Modes current={mode} />
      {mode === "rehearsal" && <RehearsalBand />}
      <Loaded query={portfolio} rows={10}>
        {(document) => (
          <>
            <PortfolioFlow portfolio={document} />
            <PortfolioForecasts portfolio={document} />
            <div className="grid gap-6 lg:grid-cols-2">
              <PortfolioLoad portfolio={document} />
              <Risks portfolio={document} />
            </div>
            <PortfolioWaits portfolio={document} />
            <PortfolioStays portfolio={document} />
            <EmptyState>
              Scenarios (what if a person is away, a request comes first, a budget shrinks) will start here; they need the schedule over all
              projects, which is not built yet. Until then each plan is forecast on its own.
            </EmptyState>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Modes({ current }: { readonly current: "real" | "rehearsal" }) {
  return (
    <nav aria-label="Kind of work">
      <ul className="flex gap-1">
        {(["real", "rehearsal"] as const).map((mode) => (
          <li key={mode}>
            <Link
              to="/portfolio"
              search={mode === "real" ? {} : { mode }}
              aria-current={mode === current ? "page" : undefined}
              className={pillLook(mode === current)}
            >
              {mode === "real" ? "Real work" : "Rehearsals"}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const sum = (portfolio: PortfolioDocument, of: (project: PortfolioDocument["projects"][number]) => number): number =>
  portfolio.projects.reduce((total, project) => total + of(project), 0);

function Answer({ portfolio }: { readonly portfolio: PortfolioDocument }) {
  const open = sum(portfolio, (project) => project.open);
  const waiting = sum(portfolio, (project) => project.waiting);
  const late = portfolio.forecasts.filter((one) => one.course !== "on-course" && one.course !== "past-p50").length;
  if (open === 0) return <>Nothing is under way in {countText(portfolio.projects.length, "project")}.</>;
  return (
    <>
      <AddressLink address="/requests" className="underline underline-offset-2">
        {countText(open, "request")}
      </AddressLink>{" "}
      {open === 1 ? "is" : "are"} under way in {countText(portfolio.projects.length, "project")};{" "}
      {waiting === 0 ? "none waits" : `${waiting} ${waiting === 1 ? "waits" : "wait"}`} for a person,{" "}
      {late === 0
        ? "none has passed its P80"
        : late === 1
          ? "1 has passed its P80 or deadline"
          : `${late} have passed their P80 or deadline`}
      .
    </>
  );
}

const riskWords = { deadline: "Deadline", "overdue-answer": "Answer overdue", escalated: "Escalated", "high-risk": "High risk" } as const;

function Risks({ portfolio }: { readonly portfolio: PortfolioDocument }) {
  return (
    <Section title="Top risks" aside="deadlines, overdue answers, escalations, then high-risk briefs">
      {portfolio.risks.length === 0 ? (
        <p className="text-sm text-ink-3">None of the rows on this page is late, overdue, escalated or of high risk.</p>
      ) : (
        <ul>
          {portfolio.risks.map((risk) => (
            <li key={`${risk.kind} ${risk.address}`} className="flex items-baseline gap-3 border-b border-line py-1.5 text-sm">
              <span className="w-28 shrink-0 text-xs font-medium text-bad">{riskWords[risk.kind]}</span>
              <AddressLink address={risk.address} className="min-w-0 hover:underline">
                {risk.sentence}
              </AddressLink>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
