import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check, Circle } from "lucide-react";
import type { FormEvent } from "react";
import type { InboxItemDetail } from "../../../../contract/inbox-contract.ts";
import { api } from "../../api.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button, TextArea } from "../../shell/controls.tsx";
import { isTextRecord, useDraft } from "../../shell/draft.ts";
import { Section } from "../../shell/page.tsx";
import { ActError } from "../../shell/states.tsx";
import { toast } from "../../shell/toast.ts";
import { countText } from "../../shell/words.ts";
import { labelOfChoice } from "./item-choices.ts";

interface Props {
  readonly item: InboxItemDetail;
}

/** The rule that asks, in its own words, with the policies that decided so. */
export function WhyAsked({ item }: Props) {
  return (
    <Section title="Why you are asked">
      <p className="max-w-[75ch]">
        {item.why.ruleText} <code className="id text-ink-3 select-all">{item.why.ruleId}</code>
      </p>
      {item.why.policies.length > 0 && (
        <ul className="flex flex-col gap-1">
          {item.why.policies.map((policy) => (
            <li key={`${policy.key} ${policy.version}`} className="flex flex-wrap items-baseline gap-x-2 text-sm">
              <code className="id select-all">
                {policy.key} v{policy.version}
              </code>
              <span className="min-w-0 text-ink-2">{policy.statement}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** What time does: the due time's effect, who hears of it before. */
export function IfNobodyAnswers({ item }: Props) {
  const { clock } = item;
  return (
    <Section title="If nobody answers">
      <p className="max-w-[75ch]">{clock.atExpiry}</p>
      {clock.ladder.length + clock.remindersAtMs.length > 0 && (
        <ol className="flex flex-col gap-0.5 text-sm text-ink-2">
          {clock.remindersAtMs.map((atMs) => (
            <li key={atMs}>
              <Ago atMs={atMs} />: a reminder
            </li>
          ))}
          {clock.ladder.map((step) => (
            <li key={`${step.atMs} ${step.who.join()}`}>
              <Ago atMs={step.atMs} />: it reaches {step.who.join(", ")}
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

/** Who said what so far, and who is still needed. Left out where one answer is enough. */
export function Agreement({ item }: Props) {
  const { quorum, votes, stillNeeded } = item.agreement;
  if (quorum < 2) return null;
  return (
    <Section title="Who has to agree" aside={`${votes.length} of ${quorum}`}>
      <ul className="flex flex-col">
        {votes.map((vote) => (
          <li key={vote.personId} className="flex flex-wrap items-center gap-x-2 border-b border-line py-1 text-sm last:border-0">
            <Check size={14} aria-hidden="true" className="text-good" />
            <span className="font-medium">{vote.name}</span>
            <span>{labelOfChoice(item, vote.choice)}</span>
            <span className="text-ink-3">
              <Ago atMs={vote.atMs} />
            </span>
            {vote.reason !== "" && <span className="w-full pl-5 text-ink-2">{vote.reason}</span>}
          </li>
        ))}
        {item.state !== "answered" && stillNeeded.length > 0 && (
          <li className="flex items-center gap-2 py-1 text-sm text-ink-2">
            <Circle size={14} aria-hidden="true" className="shrink-0 text-ink-3" />
            {countText(Math.max(0, quorum - votes.length), "more person has", "more people have")} to agree:{" "}
            {stillNeeded.map((person) => person.name).join(", ")}
          </li>
        )}
      </ul>
    </Section>
  );
}

/** Decisions under the same rule before this one. */
export function Earlier({ item }: Props) {
  if (item.earlier.length === 0) return null;
  return (
    <Section title="Decided before, under the same rule">
      <ul className="flex flex-col">
        {item.earlier.map((one) => (
          <li key={one.decisionId} className="flex flex-wrap items-baseline gap-x-3 border-b border-line py-1 text-sm last:border-0">
            <span className="w-24 shrink-0 font-medium">{labelOfChoice(item, one.choice)}</span>
            <Link
              to="/requests/$reference"
              params={{ reference: one.label }}
              search={{ tab: "decisions" }}
              className="min-w-0 flex-1 truncate underline decoration-line-strong underline-offset-2"
            >
              <span className="id">{one.label}</span> {one.title}
            </Link>
            <span className="text-ink-3">
              {one.byName}, <Ago atMs={one.atMs} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const nothing: Record<string, string> = {};

/** Questions that were asked back, replies, hand-overs; and the reader's own reply where one is owed. */
export function Conversation({ item }: Props) {
  if (item.askBacks.length + item.handOvers.length === 0) return null;
  return (
    <Section title="Said about it">
      <ul className="flex flex-col gap-2 text-sm">
        {item.handOvers.map((one) => (
          <li key={`over ${one.atMs}`}>
            <span className="font-medium">{one.from.name}</span> handed it to <span className="font-medium">{one.to.name}</span>{" "}
            <span className="text-ink-3">
              <Ago atMs={one.atMs} />
            </span>
            {one.reason !== "" && <p className="text-ink-2">{one.reason}</p>}
          </li>
        ))}
        {item.askBacks.map((one) => (
          <li key={`ask ${one.askedAtMs}`} className="border-l-2 border-line pl-3">
            <p>
              <span className="font-medium">{one.by.name}</span> asked <span className="font-medium">{one.of.name}</span>{" "}
              <span className="text-ink-3">
                <Ago atMs={one.askedAtMs} />
              </span>
            </p>
            <p className="whitespace-pre-wrap">{one.question}</p>
            {one.reply === null ? (
              <p className="text-wait">No reply yet; the clock stands still.</p>
            ) : (
              <p className="mt-1 whitespace-pre-wrap">
                <span className="font-medium">{one.repliedBy?.name ?? "Somebody"}</span>: {one.reply}
              </p>
            )}
          </li>
        ))}
      </ul>
      {item.may.reply && <ReplyForm item={item} />}
    </Section>
  );
}

function ReplyForm({ item }: Props) {
  const client = useQueryClient();
  const draft = useDraft(`reply.${item.id}`, nothing, isTextRecord);
  const reply = draft.value["reply"] ?? "";
  const send = useMutation({
    mutationFn: () => api.replyToItem(item.id, reply.trim()),
    onSuccess: async () => {
      draft.clear();
      toast({ message: "Replied. The clock goes on." });
      await client.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <form aria-label="Reply" onSubmit={submit} className="flex flex-col items-start gap-2">
      <div className="w-full">
        <TextArea
          label="Your reply"
          rows={2}
          className="min-h-14"
          maxLength={4_000}
          value={reply}
          onChange={(event) => draft.change({ reply: event.target.value })}
        />
      </div>
      <ActError error={send.error} />
      <Button type="submit" tone="accent" disabled={reply.trim() === "" || send.isPending}>
        Reply
      </Button>
    </form>
  );
}
