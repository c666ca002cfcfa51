import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ChannelCreated } from "../../../../contract/channel-contract.ts";
import { Section } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { AddChannel, ChannelSecret } from "./channels-add.tsx";
import { ChannelCard } from "./channels-card.tsx";
import { DeliveryLog } from "./channels-log.tsx";
import { channelsQuery } from "./channels-queries.ts";

/** Where news reach me outside of this page, whether they arrived, and what to do when they did not. */
export function Panel() {
  const channels = useQuery(channelsQuery);
  const [made, setMade] = useState<ChannelCreated | null>(null);
  return (
    <>
      <p className="max-w-[75ch] text-sm text-ink-2">
        The inbox always has everything. A channel brings the news to where you are: more than 20 in an hour come as one, what cannot be
        delivered is tried again for most of a day, and a mailed link only acts once you confirm on its page. Rehearsals reach nobody.
      </p>
      {made !== null && <ChannelSecret made={made} onDone={() => setMade(null)} />}
      <Section title="Channels" bare>
        <Loaded query={channels} rows={2}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState>No channel yet. Add one below; until then the inbox is where things wait.</EmptyState>
            ) : (
              <ul aria-label="Channels" className="flex flex-col">
                {items.map((channel) => (
                  <ChannelCard key={channel.id} channel={channel} onRenewed={setMade} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Section>
      {channels.data !== undefined && <AddChannel known={channels.data} onMade={setMade} />}
      <DeliveryLog />
    </>
  );
}
