import { useQuery } from "@tanstack/react-query";
import type { PolicyDiffDocument } from "../../../../contract/policy-contract.ts";
import { Loaded } from "../../shell/states.tsx";
import { policyDiffQuery } from "./policies-data.ts";

/** What a stored proposal would change. */
export function StoredDiff({ policyId }: { readonly policyId: string }) {
  const diff = useQuery(policyDiffQuery(policyId));
  return (
    <Loaded query={diff} rows={2}>
      {(document) => <DiffView diff={document} />}
    </Loaded>
  );
}

type Flip = PolicyDiffDocument["flips"][number];
type Verdict = Flip["before"];

/** Which recorded decisions flip, and who gains or loses; with how many were replayed. */
export function DiffView({ diff }: { readonly diff: PolicyDiffDocument }) {
  const { flips, flipCount, reach, reachCount, replayed, complete, definition } = diff;
  return (
    <section aria-label="What it would change" className="flex flex-col gap-2">
      <p className="max-w-[75ch]" title={definition}>
        <strong>{flipCount}</strong> of {replayed} recorded decisions would have been refused
        {complete ? "" : " (older ones were not looked at)"}; <strong>{reachCount}</strong> {reachCount === 1 ? "change" : "changes"} in who
        may decide such questions.
      </p>
      <Rows
        title="Decisions that flip"
        count={flipCount}
        rows={flips.map((flip) => ({ ...flip, key: flip.decisionId, about: flip.question }))}
      />
      <Rows
        title="Who gains or loses"
        count={reachCount}
        rows={reach.map((one) => ({ ...one, key: `${one.who.id} ${one.action} ${one.example}`, about: `such as “${one.example}”` }))}
      />
    </section>
  );
}

interface Row {
  readonly key: string;
  readonly who: Flip["who"];
  readonly action: string;
  readonly about: string;
  readonly before: Verdict;
  readonly after: Verdict;
}

function Rows({ title, count, rows }: { readonly title: string; readonly count: number; readonly rows: readonly Row[] }) {
  if (rows.length === 0) return null;
  return (
    <details open={rows.length <= 5}>
      <summary className="cursor-pointer font-medium">
        {title} ({count})
      </summary>
      <ul className="mt-1 flex max-h-80 flex-col overflow-y-auto border-t border-line" tabIndex={0} aria-label={title}>
        {rows.map((row) => (
          <li key={row.key} className="flex flex-col gap-0.5 border-b border-line py-1.5">
            <span>
              <strong className="font-semibold">{row.who.name}</strong> <span className="text-ink-3">{row.action}</span> {row.about}
            </span>
            <span className="text-xs text-ink-2">
              {verdictText(row.before)} <span aria-label="becomes">→</span>{" "}
              <span className={row.after.allowed ? "text-wait" : "text-bad"}>{verdictText(row.after)}</span>
            </span>
          </li>
        ))}
      </ul>
      {rows.length < count && <p className="text-xs text-ink-3">The first {rows.length} are shown.</p>}
    </details>
  );
}

function verdictText({ allowed, policies, errors }: Verdict): string {
  const by = errors.length > 0 ? errors.join("; ") : policies.length > 0 ? policies.join(", ") : "no policy permits it";
  return `${allowed ? "may" : "may not"} (${by})`;
}
