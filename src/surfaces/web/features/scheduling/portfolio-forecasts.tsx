import type { PortfolioDocument, PortfolioForecast } from "../../../../contract/portfolio-contract.ts";
import { IntervalBar } from "../../marks/interval-bar.tsx";
import { AddressLink } from "../../shell/address-link.tsx";
import { Section } from "../../shell/page.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { dayText, hoursText } from "../../shell/words.ts";

const courses: { readonly [course in PortfolioForecast["course"]]: readonly [string, string] } = {
  "on-course": ["on course", "text-good"],
  "past-p50": ["past its P50", "text-ink-2"],
  "past-p80": ["past its P80", "text-wait"],
  "past-p90": ["past its P90", "text-bad"],
  "past-deadline": ["past its deadline", "text-bad"],
};

/** Work under way against the forecast of its own plan; what slips says why. */
export function PortfolioForecasts({ portfolio }: { readonly portfolio: PortfolioDocument }) {
  const { forecasts, activeCount } = portfolio;
  const max = Math.max(1, ...forecasts.map((one) => Math.max(one.p90Hours, one.elapsedHours)));
  const part =
    forecasts.length < activeCount
      ? `${forecasts.length} of ${activeCount} under way, those longest in their state first`
      : `${activeCount} under way`;
  return (
    <Section title="Forecast" aside={part} bare>
      {forecasts.length === 0 ? (
        <p className="border-t border-line py-2 text-sm text-ink-3">No request with an approved, forecast plan is under way.</p>
      ) : (
        <div className="overflow-x-auto">
          <Table
            caption="Requests under way against the forecast of their plans"
            head={
              <>
                <Th>Request</Th>
                <Th className="max-md:hidden">Forecast</Th>
                <Th number>Passed</Th>
                <Th number className="max-sm:hidden">
                  P50
                </Th>
                <Th number>P80</Th>
                <Th number className="max-sm:hidden">
                  P90
                </Th>
                <Th number className="max-lg:hidden">
                  Tasks (n)
                </Th>
                <Th>Course</Th>
              </>
            }
          >
            {forecasts.map((one) => (
              <ForecastRow key={one.request.label} forecast={one} max={max} />
            ))}
          </Table>
        </div>
      )}
      <p className="max-w-[85ch] pt-1 text-xs text-ink-3">
        Hours from the approval of the plan to its last task, as the plan forecast them when it was made: simulated from the three-point
        estimates of its n tasks, their dependencies and one queue per persona, as if work went on day and night. Calendars and other
        projects are not in it yet.
      </p>
    </Section>
  );
}

function ForecastRow({ forecast, max }: { readonly forecast: PortfolioForecast; readonly max: number }) {
  const [word, tone] = courses[forecast.course];
  const { label, title } = forecast.request;
  return (
    <Row>
      <Td className="w-full max-w-0 min-w-40 py-1.5">
        <AddressLink address={`/requests/${label}`} className="block truncate font-medium hover:underline">
          <span className="font-mono text-xs text-ink-2">{label}</span> {title}
        </AddressLink>
        {forecast.reasons.length > 0 && (
          <span className="block truncate text-xs text-ink-3" title={forecast.reasons.join("; ")}>
            {forecast.reasons.join("; ")}
          </span>
        )}
      </Td>
      <Td className="min-w-56 max-md:hidden">
        <span className="relative block">
          <IntervalBar p50={forecast.p50Hours} p80={forecast.p80Hours} p90={forecast.p90Hours} max={max} of={`forecast of ${label}`} />
          <span
            aria-hidden="true"
            title={`passed: ${hoursText(forecast.elapsedHours)}`}
            className="absolute inset-y-0 w-0.5 bg-ink"
            style={{ left: `${Math.min(100, (forecast.elapsedHours / max) * 100)}%` }}
          />
        </span>
      </Td>
      <Td number className="text-sm">
        {hoursText(forecast.elapsedHours)}
      </Td>
      <Td number className="text-sm text-ink-2 max-sm:hidden">
        {hoursText(forecast.p50Hours)}
      </Td>
      <Td number className="text-sm">
        {hoursText(forecast.p80Hours)}
      </Td>
      <Td number className="text-sm text-ink-2 max-sm:hidden">
        {hoursText(forecast.p90Hours)}
      </Td>
      <Td number className="text-sm text-ink-3 max-lg:hidden">
        {forecast.taskCount}
      </Td>
      <Td className={`text-sm whitespace-nowrap ${tone}`}>
        {word}
        {forecast.deadlineAtMs !== null && <span className="block text-xs text-ink-3">due {dayText(forecast.deadlineAtMs)}</span>}
      </Td>
    </Row>
  );
}
