import { useState } from "react";
import type { CapabilityDocument, GrantDocument, GrantsDocument, ToolsDocument } from "../../../../contract/gate-contract.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button, SelectField } from "../../shell/controls.tsx";
import { Facts } from "../../shell/page.tsx";
import { ActError, EmptyState } from "../../shell/states.tsx";
import { countText, instantText, moneyText, titleWords } from "../../shell/words.ts";
import { GrantForm } from "./grant-form.tsx";
import { contentWords, useRevoke } from "./tools-data.ts";

interface Props {
  readonly grants: GrantsDocument;
  readonly tools: ToolsDocument;
}

/** What people said yes to beforehand, how much of it is used, and the way to take it back. */
export function GrantList({ grants, tools }: Props) {
  const [tool, setTool] = useState<string | null>(null);
  const grantable = tools.items.filter(({ targets }) => targets.length > 0);
  const chosen = grantable.find(({ name }) => name === tool);
  return (
    <div className="flex flex-col gap-3">
      {grants.grants.length === 0 ? (
        <EmptyState>Nothing is said yes to beforehand: whatever needs a person is asked about each time.</EmptyState>
      ) : (
        <ul aria-label="Standing grants" className="flex flex-col">
          {grants.grants.map((grant) => (
            <GrantRow key={grant.id} grant={grant} currency={grants.currency} />
          ))}
        </ul>
      )}
      {grants.mayGive && tool === null && (
        <Button className="self-start" onClick={() => setTool(grantable[0]?.name ?? "")}>
          Give a grant
        </Button>
      )}
      {tool !== null && (
        <SelectField label="For calls of" value={tool} className="max-w-md" onChange={(event) => setTool(event.target.value)}>
          {grantable.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
      {chosen !== undefined && (
        <GrantForm
          key={chosen.name}
          label="Give the grant"
          onDone={() => setTool(null)}
          start={{
            tool: chosen.name,
            persona: null,
            project: "",
            targets: Object.fromEntries(chosen.targets.map((argument) => [argument, []])),
            hasAmount: chosen.amountArgument !== null,
            currency: grants.currency,
          }}
        />
      )}
    </div>
  );
}

const valuesText = (targets: GrantDocument["targets"]): string =>
  Object.entries(targets)
    .map(
      ([argument, values]) =>
        `${argument}: ${values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join(", ")}`,
    )
    .join("; ");

function GrantRow({ grant, currency }: { readonly grant: GrantDocument; readonly currency: string }) {
  const revoke = useRevoke(() => {});
  const { tool, project, persona, maxCalls, usedCalls, capMicro, usedMicro, covers } = grant;
  return (
    <li className="flex flex-col gap-2 border-b border-line py-3">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <code className="font-mono text-sm font-medium">{tool}</code>
        <span className="text-sm text-ink-2">
          {persona === null ? "every persona" : titleWords(persona)} in {project}
        </span>
        <span className={`ml-auto text-sm ${covers ? "text-good" : "text-ink-3"}`}>{covers ? "covers calls" : "covers nothing more"}</span>
      </div>
      <Facts
        rows={[
          [
            "Targets",
            <span key="targets" className="font-mono text-sm break-all">
              {valuesText(grant.targets)}
            </span>,
          ],
          ["The rest may be", contentWords[grant.content]],
          ["Calls", `${usedCalls} of ${maxCalls} used`],
          ...(capMicro === null ? [] : [["Amount", `${moneyText(usedMicro, currency)} of ${moneyText(capMicro, currency)}`] as const]),
          ["Until", instantText(grant.expiresAtMs)],
          [
            "Given by",
            <>
              {grant.givenBy.name} <Ago atMs={grant.givenAtMs} />: {grant.reason}
            </>,
          ],
        ]}
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button
          tone="danger"
          disabled={revoke.isPending}
          aria-label={`Revoke the grant for ${tool} of ${valuesText(grant.targets)}`}
          onClick={() => revoke.mutate({ id: grant.id, reason: "" })}
        >
          Revoke
        </Button>
        <ActError error={revoke.error} />
      </div>
    </li>
  );
}

/** What personas may call at all: without one of these no call is looked at any further. */
export function CapabilityList({ grants }: { readonly grants: GrantsDocument }) {
  if (grants.capabilities.length === 0)
    return <EmptyState>No persona holds a capability now. An approved plan gives them when its tasks begin.</EmptyState>;
  return (
    <>
      <ul aria-label="Live capabilities" className="flex flex-col text-sm">
        {grants.capabilities.map((one) => (
          <CapabilityRow key={one.id} one={one} />
        ))}
      </ul>
      {grants.isCut && <p className="pt-2 text-sm text-ink-3">Only the newest {grants.capabilities.length} are listed.</p>}
    </>
  );
}

function CapabilityRow({ one }: { readonly one: CapabilityDocument }) {
  const ranges = Object.entries(one.ranges).map(([argument, range]) =>
    range.kind === "between"
      ? `${argument} from ${range.min} to ${range.max}`
      : `${argument}: ${range.values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join(", ")}`,
  );
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 border-b border-line py-1.5">
      <span>
        {one.personaName} may call <code className="font-mono">{one.tool}</code>
      </span>
      <span className="text-ink-2">{one.task === null ? `in any task of ${one.project}` : `in ${one.task}`}</span>
      {ranges.length > 0 && <span className="text-ink-2 break-all">with {ranges.join("; ")}</span>}
      <span className="ml-auto text-ink-3">
        {one.usedCalls} of {countText(one.maxCalls, "call")}, until {instantText(one.expiresAtMs)}, by {one.givenBy}
      </span>
    </li>
  );
}
