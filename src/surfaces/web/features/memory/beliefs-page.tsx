import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import type { BeliefsDocument, FactPeriodDocument } from "../../../../contract/fact-contract.ts";
import { Button, TextField } from "../../shell/controls.tsx";
import { addressOf, fieldText, momentOf } from "../../shell/instants.ts";
import { Page, PageHead, Section } from "../../shell/page.tsx";
import { useProjectKey } from "../../shell/project-scope.ts";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { countText, dayText, instantText, plainWords } from "../../shell/words.ts";
import { beliefsQuery, rangeText, valueText } from "./beliefs-data.ts";

const route = getRouteApi("/framed/memory/beliefs");

/** What did we believe and decide about something on a date, and what changed since. */
export function BeliefsPage() {
  const { about = "", at = "", valid = "" } = route.useSearch();
  const asked = { about, at, valid, project: useProjectKey() };
  const found = useQuery(beliefsQuery(asked));
  return (
    <Page title="What we believed">
      <PageHead
        over={
          <Link to="/memory" className="hover:underline">
            Memory
          </Link>
        }
        title="What did we believe and decide?"
        answer={found.data === undefined ? "About anything, on any date, and what changed since." : answerOf(found.data)}
      />
      <Asking key={`${about} ${at} ${valid}`} about={about} at={at} valid={valid} />
      {found.isEnabled ? (
        <Loaded query={found}>{(beliefs) => <Told beliefs={beliefs} />}</Loaded>
      ) : (
        <EmptyState>Say what it is about: words such as “database”, or a row by its kind and label such as request:WORK-3.</EmptyState>
      )}
    </Page>
  );
}

function answerOf({ about, facts, decisions, recordedMs, validMs }: BeliefsDocument): string {
  const believed = facts.filter((fact) => fact.believed !== null).length;
  const inForce = decisions.filter((decision) => decision.stood === "in-force").length;
  const changed =
    facts.filter((fact) => fact.change !== "same").length + decisions.filter((decision) => decision.changes.length > 0).length;
  const since = changed === 0 ? "Nothing changed since." : `${countText(changed, "thing")} changed since.`;
  return `About “${about}”, as recorded ${instantText(recordedMs)}, for ${dayText(validMs)}: ${countText(believed, "fact")} believed, ${countText(inForce, "decision")} in force. ${since}`;
}

interface AskingProps {
  readonly about: string;
  readonly at: string;
  readonly valid: string;
}

/** What it is about, and the two instants: when it was on record, and for when it holds. */
function Asking({ about, at, valid }: AskingProps) {
  const navigate = route.useNavigate();
  const [recordedMs, validMs] = [momentOf(at === "" ? undefined : at), momentOf(valid === "" ? undefined : valid)];
  return (
    <form
      role="search"
      className="grid max-w-3xl items-end gap-3 sm:grid-cols-[minmax(0,1fr)_auto_auto_auto]"
      onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget);
        const text = (name: string): string => {
          const value = given.get(name);
          return typeof value === "string" ? value.trim() : "";
        };
        const instant = (name: string): string => (text(name) === "" ? "" : addressOf(new Date(text(name)).getTime()));
        const asked = { about: text("about"), at: instant("at"), valid: instant("valid") };
        void navigate({ search: Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== "")) });
      }}
    >
      <TextField label="About" name="about" required minLength={2} maxLength={200} placeholder="database" defaultValue={about} />
      <TextField
        label="As recorded"
        name="at"
        type="datetime-local"
        step={1}
        defaultValue={recordedMs === undefined ? "" : fieldText(recordedMs)}
      />
      <TextField
        label="For what held"
        name="valid"
        type="datetime-local"
        step={1}
        defaultValue={validMs === undefined ? "" : fieldText(validMs)}
      />
      <Button type="submit" tone="accent" className="min-h-9">
        Ask
      </Button>
      <p className="text-xs text-ink-3 sm:col-span-4">
        “As recorded” is when somebody looked: what was written down later counts for nothing. “For what held” is the day it is about;
        empty, it is the same. Both empty: now.
      </p>
    </form>
  );
}

function Told({ beliefs }: { readonly beliefs: BeliefsDocument }) {
  const { facts, decisions, more, similar } = beliefs;
  if (facts.length === 0 && decisions.length === 0)
    return <EmptyState>Nothing is on record about it: no fact and no decision has these words.</EmptyState>;
  return (
    <>
      {similar.length > 0 && (
        <p className="text-sm text-ink-2">Nothing has these words as they are; shown is what has {similar.join(", ")}.</p>
      )}
      {facts.length > 0 && <FactsTold facts={facts} />}
      {decisions.length > 0 && <DecisionsTold decisions={decisions} />}
      {more && <p className="text-sm text-ink-2">More match than the 100 of each that are told; ask more closely.</p>}
    </>
  );
}

function Value({ period, none }: { readonly period: FactPeriodDocument | null; readonly none: string }) {
  if (period === null) return <span className="text-ink-3">{none}</span>;
  return (
    <span className="flex min-w-0 flex-col">
      <span className="font-medium break-words">{valueText(period.value)}</span>
      <span className="text-xs text-ink-3">
        {rangeText(period)}; {period.source.text}
      </span>
    </span>
  );
}

const factChange = { same: "", corrected: "corrected since", learned: "learned since" } as const;

function FactsTold({ facts }: { readonly facts: BeliefsDocument["facts"] }) {
  return (
    <Section title="Facts" aside={facts.length} bare>
      <Table
        caption="Facts: what was believed then, what is known now, what holds today"
        head={
          <>
            <Th>About</Th>
            <Th>Believed then</Th>
            <Th>Known now</Th>
            <Th className="max-sm:hidden">Today</Th>
          </>
        }
      >
        {facts.map((fact) => (
          <Row key={fact.id}>
            <Td className="align-top">
              <Link to="/memory/facts/$fact" params={{ fact: fact.id }} data-row className="font-medium hover:underline">
                {fact.subjectName}
              </Link>
              <span className="block text-sm text-ink-2">{fact.attribute}</span>
              {fact.change !== "same" && <Changed>{factChange[fact.change]}</Changed>}
            </Td>
            <Td className="align-top text-sm">
              <Value period={fact.believed} none="nothing" />
            </Td>
            <Td className="align-top text-sm">
              {fact.change === "same" ? <span className="text-ink-3">the same</span> : <Value period={fact.known} none="nothing" />}
              {fact.today !== null && <span className="block text-xs text-ink-2 sm:hidden">today: {valueText(fact.today.value)}</span>}
            </Td>
            <Td className="align-top text-sm max-sm:hidden">
              {fact.today === null ? <span className="text-ink-3">the same</span> : <Value period={fact.today} none="nothing" />}
            </Td>
          </Row>
        ))}
      </Table>
    </Section>
  );
}

const Changed = ({ children }: { readonly children: string }) => <span className="block text-xs font-medium text-wait">{children}</span>;

const standingText = {
  "in-force": "in force",
  proposed: "only proposed",
  later: "not yet in force",
  over: "over",
  unrecorded: "not on record",
} as const;

const verdictText = { held: "It held", mixed: "Some of it came", failed: "It was wrong" } as const;

const decisionChange = {
  recorded: "recorded since",
  made: "made since",
  superseded: "superseded since",
  outcome: "outcome known since",
  "outcome-corrected": "outcome corrected since",
  "review-moved": "day to look again moved since",
} as const;

const whoText = ({ decider, validFromMs, validToMs }: BeliefsDocument["decisions"][number]["decision"]): string =>
  `${decider?.name ?? "nobody yet"}${validFromMs === null ? "" : `, from ${dayText(validFromMs)}`}${validToMs === null ? "" : ` to ${dayText(validToMs)}`}`;

function DecisionsTold({ decisions }: { readonly decisions: BeliefsDocument["decisions"] }) {
  return (
    <Section title="Decisions" aside={decisions.length} bare>
      <Table
        caption="Decisions: how they stood then, and how the record has them now"
        head={
          <>
            <Th>Question</Th>
            <Th>Choice</Th>
            <Th>Stood then</Th>
            <Th className="max-sm:hidden">As known now</Th>
          </>
        }
      >
        {decisions.map((one) => (
          <Row key={one.decision.id}>
            <Td className="align-top">
              <Link
                to="/memory/decisions/$decision"
                params={{ decision: one.decision.id }}
                data-row
                className="font-medium hover:underline"
              >
                {one.decision.question}
              </Link>
              <span className="block text-xs text-ink-3">{whoText(one.decision)}</span>
              {one.changes.length > 0 && <Changed>{one.changes.map((change) => decisionChange[change]).join(", ")}</Changed>}
              {one.outcome !== null && one.changes.some((change) => change.startsWith("outcome")) && (
                <span className="block text-xs text-ink-2">
                  {verdictText[one.outcome.verdict]}: {one.outcome.text}
                </span>
              )}
            </Td>
            <Td className="align-top text-sm">{one.decision.choice === null ? "open" : plainWords(one.decision.choice)}</Td>
            <Td className="align-top text-sm">
              {standingText[one.stood]}
              {one.stands !== one.stood && (
                <span className="block text-xs text-ink-2 sm:hidden">as known now: {standingText[one.stands]}</span>
              )}
            </Td>
            <Td className="align-top text-sm max-sm:hidden">
              {one.stands === one.stood ? <span className="text-ink-3">the same</span> : standingText[one.stands]}
            </Td>
          </Row>
        ))}
      </Table>
    </Section>
  );
}
