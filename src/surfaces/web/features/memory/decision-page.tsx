import { queryOptions, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { DecisionDetail } from "../../../../contract/decision-contract.ts";
import { call } from "../../api.ts";
import { AuthorityStamp } from "../../marks/authority-stamp.tsx";
import { RehearsalBand } from "../../marks/rehearsal-badge.tsx";
import { AddressLink } from "../../shell/address-link.tsx";
import { Facts, Page, PageHead, Section } from "../../shell/page.tsx";
import { Loaded } from "../../shell/states.tsx";
import { dayText, plainWords, titleWords } from "../../shell/words.ts";
import { DecisionActs } from "./decision-acts.tsx";
import { DecisionEvidence } from "./decision-evidence.tsx";
import { DecisionTable } from "./decision-table.tsx";

const route = getRouteApi("/framed/memory/decisions/$decision");

const decisionQuery = (id: string) =>
  queryOptions({ queryKey: ["decision", id], queryFn: () => call<DecisionDetail>("GET", `/api/decisions/${encodeURIComponent(id)}`) });

/** One decision: question, options, choice, who, under which authority, on what evidence. */
export function DecisionPage() {
  const { decision: id } = route.useParams();
  const query = useQuery(decisionQuery(id));
  return (
    <Page title="Decision">
      <PageHead
        over={
          <Link to="/memory" className="hover:underline">
            Decision
          </Link>
        }
        title={query.data?.question ?? "Decision"}
        answer={query.data === undefined ? null : answerOf(query.data)}
        acts={query.data !== undefined && <DecisionActs decision={query.data} />}
      />
      <Loaded query={query} rows={6}>
        {(decision) => <Whole decision={decision} />}
      </Loaded>
    </Page>
  );
}

/** The chosen option as it was called. */
const choiceText = ({ options, choice }: DecisionDetail): string =>
  options.find((option) => option.id === choice)?.label ?? titleWords(choice ?? "open");

function answerOf(decision: DecisionDetail): string {
  if (decision.choice === null) return "Proposed; nobody has decided it yet.";
  return `${choiceText(decision)}${decision.state === "superseded" ? ", and superseded since" : ""}.`;
}

function Whole({ decision }: { readonly decision: DecisionDetail }) {
  return (
    <>
      {decision.rehearsal && <RehearsalBand />}
      {decision.choice !== null && (
        <AuthorityStamp
          what={choiceText(decision)}
          who={decision.decider?.name ?? "xVC"}
          rule={decision.authority}
          atMs={decision.madeAtMs}
          soloWaiver={decision.soloWaiver}
        />
      )}
      <div className="grid gap-6 md:grid-cols-2">
        <Section title="Options">
          <ul>
            {decision.options.map((option) => (
              <Option key={option.id} option={option} chosen={option.id === decision.choice} />
            ))}
          </ul>
          {decision.options.length === 0 && <p className="text-sm text-ink-3">No options were recorded.</p>}
        </Section>
        <Section title="About it">
          <Facts rows={factsOf(decision)} />
        </Section>
      </div>
      <DecisionEvidence decision={decision} />
      {decision.related.length > 0 && (
        <Section title="About the same subject" bare>
          <DecisionTable rows={decision.related} caption="Other decisions about the same subject" />
        </Section>
      )}
    </>
  );
}

function Option({ option, chosen }: { readonly option: DecisionDetail["options"][number]; readonly chosen: boolean }) {
  return (
    <li className="flex flex-col border-b border-line py-1.5 text-sm">
      <span className="flex items-baseline justify-between gap-3">
        <span className={chosen ? "font-semibold" : "text-ink-2"}>{option.label}</span>
        {chosen && <span className="text-xs font-medium text-good">chosen</span>}
      </span>
      {option.pros.map((point) => (
        <span key={`for ${point}`} className="text-ink-2">
          <span className="text-ink-3">for:</span> {point}
        </span>
      ))}
      {option.cons.map((point) => (
        <span key={`against ${point}`} className="text-ink-2">
          <span className="text-ink-3">against:</span> {point}
        </span>
      ))}
    </li>
  );
}

const confidenceText = ({ confidence }: DecisionDetail): string =>
  confidence === null
    ? "not stated"
    : `${Math.round(confidence.probability * 100)} %. This would prove it wrong: ${confidence.wouldProveWrong}`;

const forceText = ({ validFromMs, validToMs }: DecisionDetail): string =>
  validFromMs === null
    ? "not yet: it is only proposed"
    : `from ${dayText(validFromMs)}${validToMs === null ? "" : ` to ${dayText(validToMs)}`}`;

const verdictWords = { held: "it held", mixed: "mixed", failed: "it failed" } as const;

const outcomeText = ({ outcome }: DecisionDetail): string =>
  outcome === null
    ? "not recorded"
    : `${verdictWords[outcome.verdict]}: ${outcome.text} (${outcome.by?.name ?? "xVC"}, ${dayText(outcome.atMs)})`;

const factsOf = (decision: DecisionDetail): readonly (readonly [string, ReactNode])[] => [
  ["Reason", decision.rationale === "" ? "none was given" : decision.rationale],
  [
    "Request",
    decision.requestLabel === null ? (
      "none"
    ) : (
      <AddressLink key="request" address={`/requests/${decision.requestLabel}`} className="underline">
        {decision.requestLabel} {decision.requestTitle}
      </AddressLink>
    ),
  ],
  ["Subject", plainWords(decision.subjectKind)],
  ...(decision.topic === null ? [] : [["Topic", decision.topic] as const]),
  ["In force", forceText(decision)],
  ["Looked at again", decision.reviewAtMs === null ? "no date is set" : dayText(decision.reviewAtMs)],
  ["Confidence", confidenceText(decision)],
  ["Outcome", outcomeText(decision)],
  ...(decision.supersededById === null
    ? []
    : [
        [
          "Superseded by",
          <Link key="later" to="/memory/decisions/$decision" params={{ decision: decision.supersededById }} className="underline">
            a later decision
          </Link>,
        ] as const,
      ]),
  [
    "In the log",
    <AddressLink key="log" address={`/audit?subject=${decision.id}`} className="underline">
      its events
    </AddressLink>,
  ],
];
