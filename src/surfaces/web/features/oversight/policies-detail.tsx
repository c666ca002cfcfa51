import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { PolicyDocument } from "../../../../contract/policy-contract.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button, TextField } from "../../shell/controls.tsx";
import { useMoment } from "../../shell/moment-context.ts";
import { ActError } from "../../shell/states.tsx";
import { type PolicyAct, actOnPolicy, policyQuery, policyState, waitsForAgreement } from "./policies-data.ts";
import { StoredDiff } from "./policies-diff.tsx";

interface CardProps {
  readonly policy: PolicyDocument;
  /** Null: it is not changed from here. */
  readonly onChange: ((policy: PolicyDocument) => void) | null;
}

/** One policy whole: what it says, its text, who wanted it and why, what it would change, and what the reader may do. */
export function PolicyCard({ policy, onChange }: CardProps) {
  const waits = waitsForAgreement(policy);
  const isPast = useMoment() !== null;
  return (
    <article aria-label={policy.name} className="flex flex-col gap-3 text-sm">
      {waits && (
        <header className="flex flex-col gap-1">
          <h3 className="text-base font-semibold">{policy.withdrawal === null ? policy.statement : `Withdraw: ${policy.statement}`}</h3>
          <p className="text-ink-3">
            <code className="font-mono text-xs">{policy.name}</code> · {policyState(policy)}
          </p>
        </header>
      )}
      <pre className="rounded border border-line bg-wash px-3 py-2 font-mono text-xs wrap-anywhere whitespace-pre-wrap">{policy.text}</pre>
      <Provenance policy={policy} />
      {waits && !isPast ? <StoredDiff policyId={policy.id} /> : <Versions policyKey={policy.key} />}
      {!isPast && <Acts policy={policy} onChange={onChange} />}
    </article>
  );
}

function Provenance({ policy }: { readonly policy: PolicyDocument }) {
  const { proposedBy, approvedBy, withdrawal } = policy;
  return (
    <p className="max-w-[75ch] text-ink-2">
      {proposedBy === null ? (
        "Shipped with the product."
      ) : (
        <>
          Proposed by {proposedBy.name} <Ago atMs={policy.proposedAtMs} />: “{policy.reason}”
        </>
      )}
      {policy.state === "in-force" && approvedBy.length > 0 && ` Agreed to by ${approvedBy.map((one) => one.name).join(" and ")}.`}
      {policy.soloWaiver && <span className="ml-1 rounded-sm border border-wait bg-wait-wash px-1 text-xs text-wait">solo waiver</span>}
      {withdrawal !== null && (
        <>
          {" "}
          {withdrawal.by.name} wishes it withdrawn <Ago atMs={withdrawal.atMs} />: “{withdrawal.reason}”
        </>
      )}
    </p>
  );
}

function Versions({ policyKey }: { readonly policyKey: string }) {
  const detail = useQuery(policyQuery(policyKey));
  const versions = detail.data?.versions ?? [];
  if (versions.length < 2) return null;
  return (
    <details>
      <summary className="cursor-pointer text-ink-2">{versions.length} versions</summary>
      <ol className="mt-2 flex flex-col gap-2">
        {versions.map((version) => (
          <li key={version.id}>
            <code className="font-mono text-xs">{version.name}</code> {policyState(version)},{" "}
            <Ago atMs={version.decidedAtMs ?? version.proposedAtMs} />
            <pre className="mt-1 rounded border border-line px-2 py-1 font-mono text-xs wrap-anywhere whitespace-pre-wrap">
              {version.text}
            </pre>
          </li>
        ))}
      </ol>
    </details>
  );
}

function Acts({ policy, onChange }: CardProps) {
  const client = useQueryClient();
  const { may } = policy;
  const [asking, setAsking] = useState<"reject" | "withdraw" | null>(null);
  const [typed, setTyped] = useState("");
  const act = useMutation({
    mutationFn: ({ what, body }: { readonly what: PolicyAct; readonly body: object }) => actOnPolicy(policy.id, what, body),
    onSuccess: () => client.invalidateQueries({ queryKey: ["policies"] }),
  });
  const confirmed = may.confirm === null || typed === may.confirm;
  return (
    <div className="flex flex-col items-start gap-2">
      {may.whyNot !== null && <p className="text-ink-3">{may.whyNot}</p>}
      {may.confirm !== null && (
        <TextField
          label={`Nobody else can agree. To decide alone, type ${may.confirm}`}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className="max-w-xs font-mono"
        />
      )}
      <div className="flex flex-wrap gap-2">
        <Agree
          policy={policy}
          disabled={act.isPending || !confirmed}
          onAgree={(body) => act.mutate({ what: "agree", body })}
          typed={typed}
        />
        {may.reject && <Button onClick={() => setAsking("reject")}>Reject</Button>}
        {onChange !== null && <Button onClick={() => onChange(policy)}>Propose a change</Button>}
        {may.withdraw && onChange !== null && (
          <Button tone="danger" onClick={() => setAsking("withdraw")}>
            Withdraw
          </Button>
        )}
      </div>
      {asking !== null && (
        <Reason
          what={asking}
          pending={act.isPending}
          onCancel={() => setAsking(null)}
          onSend={(reason) => act.mutate({ what: asking, body: { reason } })}
        />
      )}
      <ActError error={act.error} />
    </div>
  );
}

interface AgreeProps {
  readonly policy: PolicyDocument;
  readonly disabled: boolean;
  readonly typed: string;
  readonly onAgree: (body: object) => void;
}

function Agree({ policy, disabled, typed, onAgree }: AgreeProps) {
  if (!policy.may.agree) return null;
  return (
    <Button tone="accent" disabled={disabled} onClick={() => onAgree(policy.may.confirm === null ? {} : { confirm: typed })}>
      {policy.withdrawal === null ? "Agree: put it in force" : "Agree: withdraw it"}
    </Button>
  );
}

interface ReasonProps {
  readonly what: "reject" | "withdraw";
  readonly pending: boolean;
  readonly onCancel: () => void;
  readonly onSend: (reason: string) => void;
}

function Reason({ what, pending, onCancel, onSend }: ReasonProps) {
  const [reason, setReason] = useState("");
  return (
    <form
      className="flex w-full max-w-xl flex-col items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onSend(reason);
      }}
    >
      <TextField label={`Why ${what} it?`} required maxLength={2_000} value={reason} onChange={(event) => setReason(event.target.value)} />
      <div className="flex gap-2">
        <Button type="submit" tone={what === "withdraw" ? "danger" : "plain"} disabled={pending || reason.trim() === ""}>
          {what === "reject" ? "Reject" : "Wish it withdrawn"}
        </Button>
        <Button tone="quiet" onClick={onCancel}>
          Keep it
        </Button>
      </div>
    </form>
  );
}
