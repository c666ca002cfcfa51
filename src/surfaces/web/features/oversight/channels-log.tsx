import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { NoticeDocument } from "../../../../contract/channel-contract.ts";
import { call } from "../../api.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button, SelectField } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { ActError, EmptyState, Loaded } from "../../shell/states.tsx";
import { countText, instantText } from "../../shell/words.ts";
import { noticesQuery, topicWords } from "./channels-queries.ts";

const states: readonly (readonly [string, string])[] = [
  ["", "all"],
  ["failed", "failed"],
  ["pending", "on their way"],
  ["sent", "sent"],
  ["dropped", "not needed"],
];

/** The last 50 messages with every try, newest first. */
export function DeliveryLog() {
  const [state, setState] = useState("");
  const notices = useQuery(noticesQuery(state));
  return (
    <Section title="Delivery log" bare>
      <div className="mb-3 max-w-44">
        <SelectField label="Show" value={state} onChange={(event) => setState(event.target.value)}>
          {states.map(([id, label]) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </SelectField>
      </div>
      <Loaded query={notices} rows={3}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <EmptyState>{state === "" ? "No message was sent to your channels yet." : "There is no such message."}</EmptyState>
          ) : (
            <>
              <ul aria-label="Messages" className="flex flex-col">
                {items.map((notice) => (
                  <NoticeRow key={notice.id} notice={notice} />
                ))}
              </ul>
              {nextCursor !== null && <p className="pt-2 text-xs text-ink-3">The newest 50. xvc notice list shows all of them.</p>}
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

const looks: { readonly [state in NoticeDocument["state"]]: string } = {
  sent: "text-good",
  failed: "text-bad",
  pending: "text-ink-2",
  dropped: "text-ink-3",
};
const words: { readonly [state in NoticeDocument["state"]]: string } = {
  sent: "✓ sent",
  failed: "✕ failed",
  pending: "… on its way",
  dropped: "– not needed",
};

function NoticeRow({ notice }: { readonly notice: NoticeDocument }) {
  const client = useQueryClient();
  const replay = useMutation({
    mutationFn: () => call<unknown>("POST", `/api/notices/${notice.id}/replay`, {}),
    onSuccess: () => client.invalidateQueries({ queryKey: ["notices"] }),
  });
  const what = [notice.requestLabel, notice.title].filter((part) => part !== null && part !== "").join(" ");
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 border-b border-line py-2 text-sm">
      <span className={`w-28 shrink-0 font-medium ${looks[notice.state]}`}>{words[notice.state]}</span>
      <div className="flex min-w-52 flex-1 flex-col">
        <span className="break-words">
          {topicWords[notice.topic] ?? notice.topic}
          {what === "" ? "" : `: ${what}`}
        </span>
        <span className="text-xs text-ink-3">
          to {notice.channelName}, <Ago atMs={notice.filedAtMs} />
          {notice.heldUntilMs !== null && `, waits to be sent with others at ${instantText(notice.heldUntilMs)}`}
        </span>
        {notice.tries.length > 0 && <Tries notice={notice} />}
        <ActError error={replay.error} />
      </div>
      {notice.mayReplay && (
        <Button tone="quiet" disabled={replay.isPending} aria-label={`Send again: ${what}`} onClick={() => replay.mutate()}>
          Send again
        </Button>
      )}
    </li>
  );
}

function Tries({ notice }: { readonly notice: NoticeDocument }) {
  return (
    <details className="text-xs text-ink-3">
      <summary className="w-fit cursor-pointer">{countText(notice.tries.length, "entry", "entries")}</summary>
      <ol className="flex flex-col gap-0.5 py-1">
        {notice.tries.map((one, index) => (
          // The log only grows at its end, so a place is a key.
          <li key={index} className="break-words">
            {instantText(one.atMs)}: {one.outcome}, {one.detail}
          </li>
        ))}
      </ol>
    </details>
  );
}
