import { useMutation } from "@tanstack/react-query";
import { ShieldCheck, TriangleAlert } from "lucide-react";
import type { AuditCheck } from "../../../../contract/audit-contract.ts";
import { call } from "../../api.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button } from "../../shell/controls.tsx";
import { ActError } from "../../shell/states.tsx";

/** Checks the log as far as that is possible today, and says how far that is. */
export function AuditCheckPanel() {
  const check = useMutation({ mutationFn: () => call<AuditCheck>("GET", "/api/audit/check") });
  return (
    <section aria-label="Verify" className="flex flex-col gap-2 text-sm">
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={() => check.mutate()} disabled={check.isPending}>
          {check.isPending ? "Checking" : "Verify the log"}
        </Button>
        <span role="status" className="text-ink-2">
          {check.data === undefined ? "Not checked in this tab yet." : <Result found={check.data} />}
        </span>
      </div>
      <ActError error={check.error} />
      {check.data !== undefined && <Findings found={check.data} />}
    </section>
  );
}

function Result({ found }: { readonly found: AuditCheck }) {
  const Icon = found.ok ? ShieldCheck : TriangleAlert;
  return (
    <span className={`inline-flex items-center gap-1.5 ${found.ok ? "text-good" : "text-bad"}`}>
      <Icon size={14} aria-hidden="true" className="shrink-0" />
      {found.ok ? "Nothing is missing" : `${found.problems.length} problems`} in {found.events.toLocaleString()} events of{" "}
      {found.subjects.toLocaleString()} subjects, <Ago atMs={found.checkedAtMs} />
    </span>
  );
}

function Findings({ found }: { readonly found: AuditCheck }) {
  return (
    <div className="grid gap-x-8 gap-y-2 border-l-2 border-line pl-3 md:grid-cols-2">
      {found.problems.length > 0 && (
        <ul className="list-disc pl-4 text-bad md:col-span-2">
          {found.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      <Points title="What this shows" points={found.shows} />
      <Points title="What it does not show" points={found.doesNotShow} />
    </div>
  );
}

function Points({ title, points }: { readonly title: string; readonly points: readonly string[] }) {
  return (
    <div>
      <h2 className="text-xs font-medium text-ink-3">{title}</h2>
      <ul className="list-disc pl-4 text-ink-2">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </div>
  );
}
