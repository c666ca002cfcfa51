import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { InboxItemDetail } from "../../../../contract/inbox-contract.ts";
import { AuthorityStamp } from "../../marks/authority-stamp.tsx";
import { DueClock } from "../../marks/due-clock.tsx";
import { ItemKindMark, itemKindWord } from "../../marks/item-kind.tsx";
import { RehearsalBadge } from "../../marks/rehearsal-badge.tsx";
import { RiskMark, StateMark } from "../../marks/state-mark.tsx";
import { Ago, useNowMs } from "../../shell/clock.tsx";
import { CopyLink } from "../../shell/copy-link.tsx";
import { WhyButton } from "../../shell/why-panel.tsx";
import { countText, instantText, moneyText } from "../../shell/words.ts";
import { AskedCalls, askedCalls, CallsCost } from "../gate/asked-calls.tsx";
import { PlanDigest } from "../planning/plan-digest.tsx";
import { ItemAnswer } from "./item-answer.tsx";
import { labelOfChoice } from "./item-choices.ts";
import { Agreement, Conversation, Earlier, IfNobodyAnswers, WhyAsked } from "./item-context.tsx";
import { ItemEvidence } from "./item-evidence.tsx";
import { MentionQuote } from "./item-mention.tsx";
import { ItemRace, useSeen } from "./item-race.tsx";
import { waiterOf, whyOfItem } from "./item-why.ts";

/** One item whole: the exact ask, the ways to answer, why it is asked, the risk, what silence does, what was decided before. */
export function ItemDetail({ item }: { readonly item: InboxItemDetail }) {
  const seen = useSeen(item);
  const isMention = item.kind === "mention"; // it asks for nothing: no risk, cost or clock to weigh
  const calls = askedCalls(item);
  return (
    <article aria-label={item.title} className="flex flex-col gap-5">
      <Head item={item} isMention={isMention} />
      <ItemRace seen={seen} now={item} />
      {isMention ? <MentionQuote item={item} /> : <Strip item={item} calls={calls} />}
      {calls.length > 0 && <AskedCalls item={item} calls={calls} />}
      {item.answer === null ? <ItemAnswer item={item} /> : <Answered item={item} answer={item.answer} />}
      {item.laterUntilMs !== null && <p className="text-sm text-ink-2">Out of your list until {instantText(item.laterUntilMs)}.</p>}
      <Conversation item={item} />
      {item.planId !== null && item.subjectKind === "plan" && <PlanDigest reference={item.requestLabel} />}
      {!isMention && calls.length === 0 && <ItemEvidence item={item} />}
      <WhyAsked item={item} />
      {item.answer === null && <IfNobodyAnswers item={item} />}
      <Agreement item={item} />
      <Earlier item={item} />
    </article>
  );
}

const placeLook = "min-w-0 truncate text-ink-2 underline decoration-line-strong underline-offset-2 hover:decoration-current";

/** The request it belongs to, or the decision it asks about where it belongs to none. */
function ItemPlace({ item }: { readonly item: InboxItemDetail }) {
  if (item.subjectKind === "decision")
    return (
      <Link to="/memory/decisions/$decision" params={{ decision: item.subjectId }} className={placeLook}>
        <span className="id">{item.requestLabel}</span> the decision
      </Link>
    );
  return (
    <Link to="/requests/$reference" params={{ reference: item.requestLabel }} className={placeLook}>
      <span className="id">{item.requestLabel}</span> {item.requestTitle}
    </Link>
  );
}

function Head({ item, isMention }: { readonly item: InboxItemDetail; readonly isMention: boolean }) {
  const now = useNowMs();
  return (
    <header className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-center gap-2 text-sm text-ink-3">
        <ItemKindMark kind={item.kind} />
        <span aria-hidden="true">{itemKindWord(item.kind)}</span>
        <ItemPlace item={item} />
        {item.state !== "open" && <StateMark state={item.state} />}
        {item.rehearsal && <RehearsalBadge />}
        <span className="ml-auto flex">
          <WhyButton why={whyOfItem(item, now)} />
          <CopyLink path={`/inbox?item=${item.id}`} />
        </span>
      </div>
      <h2 className="text-xl font-semibold tracking-tight">{item.title}</h2>
      {item.detail !== "" && !isMention && <p className="max-w-[75ch] whitespace-pre-wrap text-ink-2">{item.detail}</p>}
    </header>
  );
}

function Cell({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5 px-3 py-2">
      <dt className="text-xs text-ink-3">{name}</dt>
      <dd className="min-w-0 text-sm">{children}</dd>
    </div>
  );
}

const costText = ({ money }: InboxItemDetail): string => (money === null ? "none named" : moneyText(money.costMicro, money.currency));

/** The gauges: risk, cost, clock, who. */
function Strip({ item, calls }: { readonly item: InboxItemDetail; readonly calls: ReturnType<typeof askedCalls> }) {
  const { quorum, votes } = item.agreement;
  return (
    <dl className="grid grid-cols-[repeat(auto-fit,minmax(130px,1fr))] rounded border border-line bg-sheet">
      <Cell name="Risk">
        <RiskMark risk={item.risk} />
      </Cell>
      <Cell name="Cost">{calls.length > 0 ? <CallsCost calls={calls} /> : costText(item)}</Cell>
      <Cell name="Clock">
        {item.rehearsal ? (
          "in rehearsal time"
        ) : item.dueAtMs === null && !item.paused ? (
          <>
            asked <Ago atMs={item.askedAtMs} />
            {item.answer === null && ", no due time"}
          </>
        ) : (
          <DueClock askedAtMs={item.askedAtMs} dueAtMs={item.dueAtMs} paused={item.paused} />
        )}
      </Cell>
      <Cell name="Waits for">
        {item.answer === null ? waiterOf(item) : "nobody"}
        {quorum > 1 && (
          <span className="text-ink-3">
            , {countText(votes.length, "voice")} of {quorum}
          </span>
        )}
      </Cell>
    </dl>
  );
}

function Answered({ item, answer }: { readonly item: InboxItemDetail; readonly answer: NonNullable<InboxItemDetail["answer"]> }) {
  return (
    <div className="flex flex-col items-start gap-1.5">
      <AuthorityStamp
        what={labelOfChoice(item, answer.choice)}
        who={answer.by.name}
        rule={item.ruleId}
        atMs={answer.atMs}
        soloWaiver={answer.soloWaiver}
      />
      {answer.reason !== "" && <p className="max-w-[75ch] text-ink-2">{answer.reason}</p>}
    </div>
  );
}
