import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { peopleQuery } from "../../queries.ts";
import { Button, SelectField, TextField } from "../../shell/controls.tsx";
import { type AuditSearch, fieldOfInstant, instantOfField, isNarrowed } from "./audit-search.ts";

/** Groups of kinds that people look for; any list of kinds may stand in the address. */
const groups: readonly (readonly [string, string])[] = [
  ["", "Everything"],
  ["decision.requested,decision.answered,decision.delegated,decision.overdue,decision.made,plan.decided", "Questions, answers, decisions"],
  ["request.submitted,request.active,request.delivered,request.closed,request.cancelled,request.rejected,request.paused", "Requests"],
  ["plan.proposed,plan.decided,plan.patched,plan.superseded", "Plans"],
  [
    "task.ready,task.assigned,task.started,task.submitted,task.accepted,task.rework,task.blocked,task.escalated,task.failed,task.cancelled",
    "Tasks",
  ],
  ["gate.decided,review.opened,review.decided,review.judged", "Gates and reviews"],
  ["effect.intended,effect.started,effect.done,effect.failed,effect.unknown", "Acts on the outside world"],
];

const systemActors = ["sweeper", "worker"] as const;

type Fields = Partial<Record<keyof AuditSearch, string | undefined>>;
type SetFields = (fields: Fields) => void;

/** Fields without a value are left out, so that the address stays short. */
const withFields = (before: AuditSearch, fields: Fields): AuditSearch =>
  Object.fromEntries(Object.entries({ ...before, ...fields }).filter(([, value]) => value !== undefined && value !== ""));

/** The filter as a form; it becomes the address, so a view can be handed on. */
export function AuditFilters({ search }: { readonly search: AuditSearch }) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState<AuditSearch>(search);
  const set: SetFields = (fields) => setDraft((before) => withFields(before, fields));
  const show = (next: AuditSearch) => void navigate({ to: "/audit", search: next });
  const send = (event: FormEvent) => {
    event.preventDefault();
    show(draft);
  };
  return (
    <form onSubmit={send} aria-label="Filter" className="grid items-end gap-3 sm:grid-cols-2 lg:grid-cols-[2fr_1.5fr_1fr_1.3fr_1.3fr_auto]">
      <WhatField draft={draft} set={set} />
      <WhoField draft={draft} set={set} />
      <TextField
        label="Request"
        placeholder="ENG-42"
        value={draft.request ?? ""}
        onChange={(event) => set({ request: event.target.value.trim() })}
      />
      <TextField
        label="From"
        type="datetime-local"
        value={fieldOfInstant(draft.from)}
        onChange={(event) => set({ from: instantOfField(event.target.value) })}
      />
      <TextField
        label="Before"
        type="datetime-local"
        value={fieldOfInstant(draft.to)}
        onChange={(event) => set({ to: instantOfField(event.target.value) })}
      />
      <span className="flex gap-2">
        <Button type="submit" tone="accent" className="min-h-9">
          Filter
        </Button>
        {isNarrowed(search) && (
          <Button className="min-h-9" onClick={() => show({})}>
            Clear
          </Button>
        )}
      </span>
      {draft.subject !== undefined && (
        <p className="text-xs text-ink-3 sm:col-span-full">
          Only of the row <code className="font-mono">{draft.subject}</code>.
        </p>
      )}
    </form>
  );
}

interface FieldProps {
  readonly draft: AuditSearch;
  readonly set: SetFields;
}

function WhatField({ draft, set }: FieldProps) {
  const isListed = groups.some(([kinds]) => kinds === (draft.kinds ?? ""));
  return (
    <SelectField label="What" value={draft.kinds ?? ""} onChange={(event) => set({ kinds: event.target.value })}>
      {groups.map(([kinds, label]) => (
        <option key={label} value={kinds}>
          {label}
        </option>
      ))}
      {!isListed && <option value={draft.kinds}>{draft.kinds}</option>}
    </SelectField>
  );
}

function WhoField({ draft, set }: FieldProps) {
  const people = useQuery(peopleQuery);
  return (
    <SelectField
      label="Who"
      value={draft.actor ?? ""}
      onChange={(event) => {
        const isSystem = systemActors.some((name) => name === event.target.value);
        set({ actor: event.target.value, actorKind: isSystem ? "system" : "person" });
      }}
    >
      <option value="">Anybody</option>
      {(people.data?.items ?? []).map((person) => (
        <option key={person.id} value={person.id}>
          {person.name}
        </option>
      ))}
      {systemActors.map((name) => (
        <option key={name} value={name}>
          xVC: {name}
        </option>
      ))}
    </SelectField>
  );
}
