import { useQuery } from "@tanstack/react-query";
import { Fold } from "../../shell/fold.tsx";
import { useMoment } from "../../shell/moment-context.ts";
import { Section } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";
import { CapabilityList, GrantList } from "../gate/grants-list.tsx";
import { ToolCalls } from "../gate/tool-calls.tsx";
import { ToolPolicies } from "../gate/tool-policies.tsx";
import { ToolServers } from "../gate/tool-servers.tsx";
import { grantsQuery, toolServersQuery, toolsQuery } from "../gate/tools-data.ts";
import { ToolList } from "../gate/tools-list.tsx";

/** What personas can reach, how strictly, what people said yes to beforehand, and what became of every call. */
export function Panel() {
  if (useMoment() !== null) return <EmptyState>Which tools there are is told for now only. Go back to now to see them.</EmptyState>;
  return <Now />;
}

function Now() {
  const tools = useQuery(toolsQuery);
  const grants = useQuery(grantsQuery);
  const servers = useQuery(toolServersQuery);
  return (
    <>
      <p className="max-w-[75ch] text-sm text-ink-2">
        Personas reach the world through these tools alone, and every call goes through one gate. It goes by where values came from, never
        by what a text says. Whatever has consequences asks a person, unless a person already said all of it.
      </p>
      <Loaded query={tools} rows={5}>
        {(known) => (
          <>
            <Section title="All tools" aside={countText(known.items.length, "tool")} bare>
              <ToolList tools={known} currency={grants.data?.currency ?? ""} />
            </Section>
            <Loaded query={grants} rows={2}>
              {(given) => (
                <>
                  <Section title="Standing grants" aside={countText(given.grants.length, "grant")}>
                    <GrantList grants={given} tools={known} />
                  </Section>
                  <Fold title="Live capabilities" says={countText(given.capabilities.length, "capability", "capabilities")}>
                    <CapabilityList grants={given} />
                  </Fold>
                </>
              )}
            </Loaded>
            <Section title="Servers outside">
              <Loaded query={servers} rows={2}>
                {(found) => <ToolServers servers={found} />}
              </Loaded>
            </Section>
            <Section title="Calls of late">
              <ToolCalls tools={known} />
            </Section>
            <Fold title="Policies about tools" says="part of this program; read here, not written">
              <ToolPolicies policies={known.policies} />
            </Fold>
          </>
        )}
      </Loaded>
    </>
  );
}
