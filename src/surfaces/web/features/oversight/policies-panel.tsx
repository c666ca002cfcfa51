import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { twMerge } from "tailwind-merge";
import type { PolicyDocument } from "../../../../contract/policy-contract.ts";
import { Button } from "../../shell/controls.tsx";
import { useMoment } from "../../shell/moment-context.ts";
import { Section } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { policiesQuery, policyState, waitsForAgreement } from "./policies-data.ts";
import { MissingPolicies } from "./policies-missing.tsx";
import { PolicyCard } from "./policies-detail.tsx";
import { ProposePolicy } from "./policies-propose.tsx";

/** Who may decide what: the policies in force, what waits for a second person, and the way to change them. */
export function Panel() {
  const policies = useQuery(policiesQuery(false));
  const isPast = useMoment() !== null;
  const [editing, setEditing] = useState<PolicyDocument | "new" | null>(null);
  return (
    <>
      <p className="max-w-[75ch] text-sm text-ink-2">
        Policies say who may decide what. What no policy permits is denied, a forbid wins over every permit, and a policy that fails to
        evaluate denies. A change needs two people. That nobody decides about their own work is no policy and cannot be switched off.
      </p>
      <Loaded query={policies} rows={5}>
        {({ items, mayPropose, missing }) => (
          <>
            {editing === null ? (
              mayPropose &&
              !isPast && (
                <Button className="self-start" onClick={() => setEditing("new")}>
                  Propose a policy
                </Button>
              )
            ) : (
              <ProposePolicy
                key={editing === "new" ? "new" : editing.id}
                from={editing === "new" ? null : editing}
                onDone={() => setEditing(null)}
              />
            )}
            <MissingPolicies missing={missing} mayPropose={mayPropose && !isPast} />
            <Waiting items={items.filter(waitsForAgreement)} />
            <Section title="In force" bare>
              <PolicyList
                items={items.filter((policy) => policy.state === "in-force" && !waitsForAgreement(policy))}
                onChange={mayPropose && !isPast ? setEditing : null}
              />
            </Section>
          </>
        )}
      </Loaded>
    </>
  );
}

function Waiting({ items }: { readonly items: readonly PolicyDocument[] }) {
  if (items.length === 0) return null;
  return (
    <Section title="Waits for a second person" bare>
      <ul className="flex flex-col gap-3">
        {items.map((policy) => (
          <li key={policy.id} className="rounded border border-wait p-3">
            <PolicyCard policy={policy} onChange={null} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

interface ListProps {
  readonly items: readonly PolicyDocument[];
  readonly onChange: ((policy: PolicyDocument) => void) | null;
}

function PolicyList({ items, onChange }: ListProps) {
  const [open, setOpen] = useState<string | null>(null);
  if (items.length === 0) return <EmptyState>No policy is in force, so nobody may decide anything. Propose one.</EmptyState>;
  return (
    <ul className="flex flex-col border-t border-line">
      {items.map((policy) => {
        const isOpen = open === policy.id;
        return (
          <li key={policy.id} className="border-b border-line">
            <button
              type="button"
              data-row
              aria-expanded={isOpen}
              onClick={() => setOpen(isOpen ? null : policy.id)}
              className={twMerge("flex w-full flex-col gap-0.5 px-1 py-2 text-left hover:bg-wash", isOpen && "bg-wash")}
            >
              <span className="text-base">{policy.statement}</span>
              <span className="text-xs text-ink-3">
                <code className="font-mono">{policy.name}</code> · {policy.text.startsWith("forbid") ? "forbids" : "permits"} ·{" "}
                {policy.proposedBy === null ? "shipped" : `by ${policy.proposedBy.name}`} · {policyState(policy)}
              </span>
            </button>
            {isOpen && (
              <div className="px-1 pb-4">
                <PolicyCard policy={policy} onChange={onChange} />
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
