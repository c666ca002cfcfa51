import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ChannelCreated, ChannelDocument, ChannelTested } from "../../../../contract/channel-contract.ts";
import { noticeTopics } from "../../../../core/oversight/channel.ts";
import { call } from "../../api.ts";
import { announce } from "../../shell/announce.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Button } from "../../shell/controls.tsx";
import { ActError } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";
import { channelsQuery, formWords, topicWords } from "./channels-queries.ts";

interface CardProps {
  readonly channel: ChannelDocument;
  readonly onRenewed: (made: ChannelCreated) => void;
}

/** One channel: where it leads, how it is, and what can be done about it. */
export function ChannelCard({ channel, onRenewed }: CardProps) {
  const [shown, setShown] = useState(false);
  return (
    <li className="flex flex-col gap-2 border-b border-line py-3">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <strong className="font-medium break-words">{channel.name}</strong>
        <span className="text-sm text-ink-2 break-all">
          {formWords[channel.form]}
          {channel.form === "feed" ? "" : `, ${channel.target}`}
        </span>
        {channel.personId === null && <span className="rounded-sm border border-line px-1.5 text-xs text-ink-2">organization</span>}
        {channel.state === "paused" && (
          <strong className="rounded-sm border border-wait px-1.5 text-xs font-medium text-wait">Paused: {channel.pausedReason}</strong>
        )}
      </div>
      <LastResults channel={channel} />
      {channel.mayChange && <Acts channel={channel} onRenewed={onRenewed} topicsShown={shown} onTopics={() => setShown(!shown)} />}
      {shown && <Topics channel={channel} />}
    </li>
  );
}

function LastResults({ channel: { lastTest, lastNotice, form } }: Pick<CardProps, "channel">) {
  if (form === "feed") return <p className="text-sm text-ink-3">Calendars fetch it by themselves; it shows what is due for you.</p>;
  return (
    <p className="text-sm text-ink-3">
      {lastNotice === null ? (
        "Nothing was sent yet."
      ) : (
        <>
          Last message {lastNotice.state} <Ago atMs={lastNotice.atMs} />
          {lastNotice.state === "sent" || lastNotice.detail === "" ? "." : `: ${lastNotice.detail}.`}
        </>
      )}
      {lastTest !== null && (
        <>
          {" "}
          Last test {lastTest.ok ? "arrived" : "did not arrive"} <Ago atMs={lastTest.atMs} />
          {lastTest.ok || lastTest.detail === "" ? "." : `: ${lastTest.detail}.`}
        </>
      )}
    </p>
  );
}

interface ActsProps extends CardProps {
  readonly topicsShown: boolean;
  readonly onTopics: () => void;
}

function Acts({ channel, onRenewed, topicsShown, onTopics }: ActsProps) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      {channel.form === "feed" ? (
        <Renew channel={channel} onRenewed={onRenewed} />
      ) : (
        <>
          <Test channel={channel} />
          <Button
            tone="quiet"
            aria-expanded={topicsShown}
            aria-label={`${countText(channel.topics.length, "topic")} of ${channel.name}`}
            onClick={onTopics}
          >
            {countText(channel.topics.length, "topic")}
          </Button>
        </>
      )}
      <Control channel={channel} />
    </div>
  );
}

function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: channelsQuery.queryKey });
}

function Test({ channel }: Pick<CardProps, "channel">) {
  const test = useMutation({
    mutationFn: () => call<ChannelTested>("POST", `/api/channels/${channel.id}/test`, {}),
    onSuccess: (answer) => announce(answer.ok ? "The test arrived." : `The test did not arrive: ${answer.detail}`),
    onSettled: useRefresh(),
  });
  return (
    <>
      <Button
        disabled={test.isPending}
        aria-label={`${test.isPending ? "Sending" : "Send a test"} to ${channel.name}`}
        onClick={() => test.mutate()}
      >
        {test.isPending ? "Sending" : "Send a test"}
      </Button>
      <ActError error={test.error} />
    </>
  );
}

function Renew({ channel, onRenewed }: CardProps) {
  const renew = useMutation({
    mutationFn: () => call<ChannelCreated>("POST", `/api/channels/${channel.id}/renew`, {}),
    onSuccess: onRenewed,
  });
  return (
    <>
      <Button disabled={renew.isPending} aria-label={`New address for ${channel.name}; the one before ends`} onClick={() => renew.mutate()}>
        New address
      </Button>
      <ActError error={renew.error} />
    </>
  );
}

function Control({ channel }: Pick<CardProps, "channel">) {
  const [sure, setSure] = useState(false);
  const act = useMutation({
    mutationFn: (verb: "pause" | "resume" | "remove") => call<unknown>("POST", `/api/channels/${channel.id}/${verb}`, {}),
    onSuccess: useRefresh(),
  });
  const isPaused = channel.state === "paused";
  return (
    <>
      <Button
        tone="quiet"
        disabled={act.isPending}
        aria-label={`${isPaused ? "Resume" : "Pause"} ${channel.name}`}
        onClick={() => act.mutate(isPaused ? "resume" : "pause")}
      >
        {isPaused ? "Resume" : "Pause"}
      </Button>
      <Button
        tone={sure ? "danger" : "quiet"}
        disabled={act.isPending}
        aria-label={sure ? `Yes, remove ${channel.name} now` : `Remove ${channel.name}`}
        onClick={() => (sure ? act.mutate("remove") : setSure(true))}
        onBlur={() => setSure(false)}
      >
        {sure ? "Yes, remove" : "Remove"}
      </Button>
      <ActError error={act.error} />
    </>
  );
}

/** Ticked is sent. A change counts at once; one topic has to stay, since a channel without any would be paused. */
function Topics({ channel }: Pick<CardProps, "channel">) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (topics: readonly string[]) => call<unknown>("POST", `/api/channels/${channel.id}/topics`, { topics }),
    onSuccess: () => client.invalidateQueries({ queryKey: channelsQuery.queryKey }),
  });
  // What was chosen shows at once; a refusal brings back what is.
  const chosen = change.isPending ? change.variables : channel.topics;
  const toggled = (topic: string): readonly string[] =>
    chosen.includes(topic) ? chosen.filter((one) => one !== topic) : [...chosen, topic];
  return (
    <fieldset className="grid gap-x-6 gap-y-1 rounded border border-line p-3 sm:grid-cols-2" disabled={change.isPending}>
      <legend className="px-1 text-xs text-ink-3">What is sent to {channel.name}</legend>
      {noticeTopics.map((topic) => (
        <label key={topic} className="flex min-h-7 items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={chosen.includes(topic)}
            disabled={chosen.length === 1 && chosen.includes(topic)}
            onChange={() => change.mutate(toggled(topic))}
          />
          {topicWords[topic]}
        </label>
      ))}
      <ActError error={change.error} />
    </fieldset>
  );
}
