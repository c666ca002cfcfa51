import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { InboxItemDetail } from "../../../../contract/inbox-contract.ts";
import type { Json } from "../../../../core/shared/json.ts";
import { AuthorityStamp } from "../../marks/authority-stamp.tsx";
import { RehearsalBadge } from "../../marks/rehearsal-badge.tsx";
import { RiskMark, StateMark } from "../../marks/state-mark.tsx";
import { meQuery } from "../../queries.ts";
import { Ago } from "../../shell/clock.tsx";
import { Facts } from "../../shell/page.tsx";
import { moneyText, plainWords, titleWords } from "../../shell/words.ts";
import { PlanDigest } from "../planning/plan-digest.tsx";
import { ItemAnswer } from "./item-answer.tsx";

/** What happens when nobody answers, in a sentence. */
export function silenceSentence(item: Pick<InboxItemDetail, "dueAtMs" | "defaultChoice" | "choices">): string {
  if (item.dueAtMs === null) return "It waits, without an end, and what depends on it waits too.";
  if (item.defaultChoice === null) return "You are reminded when it is due; nothing is decided by time alone.";
  const label = item.choices.find((choice) => choice.id === item.defaultChoice)?.label ?? item.defaultChoice;
  return `When it is due, this is taken: ${label}.`;
}

/** One item whole: the exact ask, why it is asked, the risk, what silence does, and the ways to answer. */
export function ItemDetail({ item }: { readonly item: InboxItemDetail }) {
  return (
    <article aria-label={item.title} className="flex flex-col gap-5">
      <header className="flex flex-col gap-1">
        <p className="flex flex-wrap items-center gap-2 text-sm text-ink-3">
          {titleWords(item.kind)}
          {item.state !== "open" && <StateMark state={item.state} />}
          {item.rehearsal && <RehearsalBadge />}
        </p>
        <h2 className="text-xl font-semibold tracking-tight">{item.title}</h2>
        {item.detail !== "" && <p className="max-w-[75ch] whitespace-pre-wrap text-ink-2">{item.detail}</p>}
      </header>
      {item.answer === null ? <ItemAnswer item={item} /> : <Answered item={item} answer={item.answer} />}
      <Facts rows={factsOf(item)} />
      {item.planId !== null && item.subjectKind === "plan" && <PlanDigest reference={item.requestLabel} />}
      <EvidenceFacts item={item} />
    </article>
  );
}

function factsOf(item: InboxItemDetail): readonly (readonly [string, ReactNode])[] {
  return [
    [
      "Request",
      <Link key="r" to="/requests/$reference" params={{ reference: item.requestLabel }} className="underline">
        <span className="font-mono text-xs">{item.requestLabel}</span> {item.requestTitle}
      </Link>,
    ],
    ["Asked", <Ago key="a" atMs={item.askedAtMs} />],
    [
      "Rule",
      <code key="u" className="font-mono text-xs select-all">
        {item.ruleId}
      </code>,
    ],
    ["Risk", <RiskMark key="k" risk={item.risk} />],
    ["Due", item.dueAtMs === null ? "no clock" : <Ago key="d" atMs={item.dueAtMs} />],
    ["If nobody answers", silenceSentence(item)],
    ["May answer", item.delegate?.name ?? (item.roles.length === 0 ? "any member" : item.roles.join(", "))],
  ];
}

function Answered({ item, answer }: { readonly item: InboxItemDetail; readonly answer: NonNullable<InboxItemDetail["answer"]> }) {
  const label = item.choices.find((choice) => choice.id === answer.choice)?.label ?? answer.choice;
  return (
    <div className="flex flex-col items-start gap-1.5">
      <AuthorityStamp what={label} who={answer.by.name} rule={item.ruleId} atMs={answer.atMs} soloWaiver={answer.soloWaiver} />
      {answer.reason !== "" && <p className="max-w-[75ch] text-ink-2">{answer.reason}</p>}
    </div>
  );
}

/** What only the engine reads. */
const internal: ReadonlySet<string> = new Set(["questionId"]);

function EvidenceFacts({ item }: { readonly item: InboxItemDetail }) {
  const rows = Object.entries(item.evidence).filter(([name]) => !internal.has(name));
  if (rows.length === 0 && item.taskId === null) return null;
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-3">
      {item.taskId !== null && (
        <Link
          to="/task/$"
          params={{ _splat: item.taskId }}
          className="inline-flex min-h-6 items-center self-start text-sm text-accent underline"
        >
          See the task
        </Link>
      )}
      {rows.length > 0 && (
        <Facts rows={rows.map(([name, value]) => [evidenceName(name), <EvidenceValue key={name} name={name} value={value} />] as const)} />
      )}
    </div>
  );
}

/** `costMicro` as `Cost`, `documentSha256` as `Document hash`. */
function evidenceName(name: string): string {
  const unitless = name.replace(/(?:Micro|AtMs)$/u, "").replace(/Sha256$/u, "Hash");
  return titleWords(unitless.replaceAll(/([a-z])([A-Z])/gu, "$1 $2").toLowerCase());
}

function EvidenceNumber({ name, value }: { readonly name: string; readonly value: number }) {
  const currency = useQuery(meQuery).data?.organization.currency ?? "EUR";
  if (name.endsWith("Micro")) return <>{moneyText(value, currency)}</>;
  return name.endsWith("AtMs") ? <Ago atMs={value} /> : <>{value}</>;
}

/** A text or number as it stands, units as people read them, a list as lines, anything deeper as JSON. */
function EvidenceValue({ name, value }: { readonly name: string; readonly value: Json }) {
  if (typeof value === "number") return <EvidenceNumber name={name} value={value} />;
  if (typeof value === "string")
    return /^[0-9a-f]{64}$/u.test(value) ? (
      <code title={value} className="font-mono text-xs">
        {value.slice(0, 16)}…
      </code>
    ) : (
      <>{value}</>
    );
  if (Array.isArray(value) && value.every((part) => typeof part === "string"))
    return (
      <ul>
        {value.map((part) => (
          <li key={String(part)}>{plainWords(String(part))}</li>
        ))}
      </ul>
    );
  return <code className="font-mono text-xs break-all">{JSON.stringify(value)}</code>;
}
