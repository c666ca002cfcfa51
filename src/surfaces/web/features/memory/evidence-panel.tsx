import { useMutation, useQuery } from "@tanstack/react-query";
import { ShieldCheck, TriangleAlert } from "lucide-react";
import { useState } from "react";
import type { CheckpointPage, EvidenceCheck } from "../../../../contract/evidence-contract.ts";
import { call } from "../../api.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button } from "../../shell/controls.tsx";
import { ActError } from "../../shell/states.tsx";

const refreshMs = 60_000;

/** All parts of a check added up, as far as it has come. */
interface Checked {
  readonly checkpoints: number;
  readonly events: number;
  readonly versions: number;
  readonly problems: EvidenceCheck["problems"];
  readonly unsealed: EvidenceCheck["unsealed"];
}

const nothing: Checked = { checkpoints: 0, events: 0, versions: 0, problems: [], unsealed: null };

async function checkAll(onPart: (sofar: Checked) => void): Promise<Checked> {
  let sofar = nothing;
  for (let after: number | null = 0; after !== null;) {
    const part: EvidenceCheck = await call<EvidenceCheck>("GET", `/api/evidence/check?after=${after}&limit=10`);
    sofar = {
      checkpoints: sofar.checkpoints + part.checkpoints,
      events: sofar.events + part.events,
      versions: sofar.versions + part.versions,
      problems: [...sofar.problems, ...part.problems],
      unsealed: part.unsealed,
    };
    onPart(sofar);
    after = part.nextAfter;
  }
  return sofar;
}

/** The seals on the record: how far they reach, and checking them all. For those who may see every project. */
export function EvidencePanel() {
  const latest = useQuery({
    queryKey: ["evidence"],
    queryFn: () => call<CheckpointPage>("GET", "/api/evidence/checkpoints?limit=1"),
    refetchInterval: refreshMs,
    retry: false,
  });
  const [sofar, setSofar] = useState<Checked | null>(null);
  const check = useMutation({ mutationFn: () => checkAll(setSofar) });
  if (latest.data === undefined) return null;
  const { latest: last } = latest.data;
  return (
    <section aria-label="Seals" className="flex flex-col gap-2 text-sm">
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={() => check.mutate()} disabled={check.isPending || last === null}>
          {check.isPending ? "Checking" : "Check every seal"}
        </Button>
        <span className="text-ink-2">
          {last === null
            ? "Nothing is sealed yet; the first checkpoint comes within a minute."
            : `Sealed in ${last.number.toLocaleString()} checkpoints, the last `}
          {typeof last?.sealedAtMs === "number" && <Ago atMs={last.sealedAtMs} />}
        </span>
        <span role="status">{sofar !== null && <Result found={sofar} isDone={!check.isPending} />}</span>
      </div>
      <ActError error={check.error} />
      {sofar !== null && sofar.problems.length > 0 && (
        <ul className="list-disc pl-4 text-bad">
          {sofar.problems.map(({ number, message }) => (
            <li key={`${number} ${message}`}>{message}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Result({ found, isDone }: { readonly found: Checked; readonly isDone: boolean }) {
  const isSound = found.problems.length === 0;
  const Icon = isSound ? ShieldCheck : TriangleAlert;
  const counted = `${found.checkpoints.toLocaleString()} checkpoints over ${found.events.toLocaleString()} events and ${found.versions.toLocaleString()} versions`;
  if (!isDone) return <span className="text-ink-2">{counted} so far</span>;
  return (
    <span className={`inline-flex items-center gap-1.5 ${isSound ? "text-good" : "text-bad"}`}>
      <Icon size={14} aria-hidden="true" className="shrink-0" />
      {isSound ? "Everything sealed is as it was" : `${found.problems.length} problems`} in {counted}
      {found.unsealed !== null && found.unsealed.events + found.unsealed.versions > 0 && `; ${found.unsealed.events} events not sealed yet`}
    </span>
  );
}
