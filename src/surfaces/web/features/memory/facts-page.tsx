import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import type { FactDetail, FactPage, FactPeriodDocument } from "../../../../contract/fact-contract.ts";
import { Button } from "../../shell/controls.tsx";
import { useMay } from "../../shell/may.ts";
import { Page, PageHead, Section } from "../../shell/page.tsx";
import { useProjectKey } from "../../shell/project-scope.ts";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { countText, dayText } from "../../shell/words.ts";
import { factQuery, factsQuery, rangeText, valueText } from "./beliefs-data.ts";
import { CorrectFact, LearnFact } from "./fact-forms.tsx";

const Memory = () => (
  <Link to="/memory" className="hover:underline">
    Memory
  </Link>
);

/** What is taken to be true now. */
export function FactsPage() {
  const facts = useQuery(factsQuery("", useProjectKey()));
  const [isNew, setNew] = useState(false);
  const may = useMay();
  return (
    <Page title="Facts">
      <PageHead
        over={<Memory />}
        title="Facts"
        answer="What is taken to be true, with its source and the time it holds for. Corrections keep what was believed before."
        acts={
          may("record-fact") && (
            <Button tone="accent" onClick={() => setNew(true)}>
              Record a fact
            </Button>
          )
        }
      />
      <Loaded query={facts}>{(page) => <FactTable page={page} />}</Loaded>
      {isNew && <LearnFact known={null} onClose={() => setNew(false)} />}
    </Page>
  );
}

function FactTable({ page }: { readonly page: FactPage }) {
  if (page.items.length === 0)
    return (
      <EmptyState>
        No fact is on record. A fact is one attribute of something, such as the price per seat of a vendor, with its source.
      </EmptyState>
    );
  return (
    <>
      <Table
        caption="Facts with the value that holds now"
        head={
          <>
            <Th>About</Th>
            <Th>Attribute</Th>
            <Th>Value now</Th>
            <Th className="max-sm:hidden">Source</Th>
          </>
        }
      >
        {page.items.map((fact) => (
          <Row key={fact.id}>
            <Td>
              <Link to="/memory/facts/$fact" params={{ fact: fact.id }} data-row className="font-medium hover:underline">
                {fact.subjectName}
              </Link>
            </Td>
            <Td className="text-sm">{fact.attribute}</Td>
            <Td className="text-sm">
              {fact.period === null ? (
                <span className="text-ink-3">not yet</span>
              ) : (
                <>
                  <span className="font-medium break-words">{valueText(fact.period.value)}</span>{" "}
                  <span className="text-xs text-ink-3">{rangeText(fact.period)}</span>
                </>
              )}
            </Td>
            <Td className="text-sm text-ink-2 max-sm:hidden">{fact.period?.source.text ?? "–"}</Td>
          </Row>
        ))}
      </Table>
      {page.nextCursor !== null && <p className="text-sm text-ink-2">The first 200 are shown; narrow the page to a project.</p>}
    </>
  );
}

const route = getRouteApi("/framed/memory/facts/$fact");

/** One fact over time: which value holds for when, and from which source. */
export function FactPageWhole() {
  const { fact: id } = route.useParams();
  const fact = useQuery(factQuery(id));
  const title = fact.data === undefined ? "Fact" : `${fact.data.subjectName}: ${fact.data.attribute}`;
  return (
    <Page title={title}>
      <PageHead
        over={
          <Link to="/memory/facts" className="hover:underline">
            Facts
          </Link>
        }
        title={title}
        answer={fact.data === undefined ? null : nowText(fact.data)}
      />
      <Loaded query={fact}>{(whole) => <Whole fact={whole} />}</Loaded>
    </Page>
  );
}

const nowText = ({ period }: FactDetail): string =>
  period === null ? "Nothing holds yet." : `${valueText(period.value)}, ${rangeText(period)}.`;

function Whole({ fact }: { readonly fact: FactDetail }) {
  const [open, setOpen] = useState<"learn" | FactPeriodDocument | null>(null);
  const may = useMay();
  const mayWrite = may("correct-fact");
  const close = () => setOpen(null);
  return (
    <>
      <Section title="Over time" aside={countText(fact.periods.length, "period")} bare>
        <Table
          caption="Periods of the fact, the latest first"
          head={
            <>
              <Th>Holds</Th>
              <Th>Value</Th>
              <Th className="max-sm:hidden">Source</Th>
              <Th>{mayWrite ? <span className="sr-only">Correct</span> : null}</Th>
            </>
          }
        >
          {fact.periods.toReversed().map((period) => (
            <Row key={period.fromMs}>
              <Td className="align-top text-sm sm:whitespace-nowrap">{rangeText(period)}</Td>
              <Td className="align-top break-words">
                <span className="font-medium">{valueText(period.value)}</span>
                <span className="block text-sm text-ink-2 sm:hidden">
                  <Source period={period} />
                </span>
              </Td>
              <Td className="align-top text-sm text-ink-2 max-sm:hidden">
                <Source period={period} />
              </Td>
              <Td className="text-right align-top">
                {mayWrite && (
                  <Button
                    tone="quiet"
                    onClick={() => setOpen(period)}
                    aria-label={`Correct ${valueText(period.value)}, ${rangeText(period)}`}
                  >
                    Correct
                  </Button>
                )}
              </Td>
            </Row>
          ))}
        </Table>
      </Section>
      <div className="flex flex-wrap gap-2">
        {mayWrite && <Button onClick={() => setOpen("learn")}>It has changed</Button>}
        <Link to="/memory/beliefs" search={{ about: fact.subjectName }} className="flex min-h-8 items-center text-sm underline">
          What was believed and decided about {fact.subjectName}
        </Link>
      </div>
      {open === "learn" && <LearnFact known={fact} onClose={close} />}
      {open !== null && open !== "learn" && <CorrectFact fact={fact} period={open} onClose={close} />}
    </>
  );
}

function Source({ period: { source, by, recordedAtMs } }: { readonly period: FactPeriodDocument }) {
  return (
    <>
      {source.address !== null && /^https?:\/\//u.test(source.address) ? (
        <a href={source.address} target="_blank" rel="noopener noreferrer" className="underline">
          {source.text}
        </a>
      ) : (
        source.text
      )}
      <span className="block text-xs text-ink-3">
        recorded by {by?.name ?? "xVC"}, {dayText(recordedAtMs)}
      </span>
    </>
  );
}
