import type { CheckResultDocument } from "../../../../contract/task-contract.ts";
import { StateMark } from "../../marks/state-mark.tsx";

interface CriterionShown {
  readonly id: string;
  readonly statement: string;
  readonly check: { readonly kind?: unknown; readonly [argument: string]: unknown };
}

/** How a criterion will be or was judged, in words. */
export function checkSentence(check: CriterionShown["check"]): string {
  const text = (name: string): string => (typeof check[name] === "string" ? check[name] : "");
  switch (check.kind) {
    case "output":
      return `code looks for ${text("output")}`;
    case "schema":
      return `code checks the form of ${text("output")}`;
    case "rule":
      return `code runs the rule ${text("rule")}`;
    case "command":
      return `runs ${text("run")}`;
    case "reviewer":
      return `${text("reviewer")} judges it`;
    case "person":
      return `a person answers: ${text("question")}`;
    default:
      return "checked";
  }
}

/** What must hold, beside what shows that it does. A tick is never bare: the evidence stands under it. */
export function CriteriaList({
  criteria,
  results,
}: {
  readonly criteria: readonly CriterionShown[];
  readonly results: readonly CheckResultDocument[];
}) {
  return (
    <ul className="flex flex-col">
      {criteria.map((criterion) => {
        const found = results.filter((result) => result.criterionId === criterion.id);
        return (
          <li key={criterion.id} className="grid grid-cols-[2rem_minmax(0,1fr)] gap-x-2 gap-y-0.5 border-b border-line py-2 last:border-0">
            <code className="font-mono text-xs leading-5 text-ink-3">{criterion.id}</code>
            <div className="flex min-w-0 flex-col gap-0.5">
              <span>{criterion.statement}</span>
              <span className="text-xs text-ink-3">{checkSentence(criterion.check)}</span>
              {found.map((result) => (
                <Evidence key={`${result.kind} ${result.detail}`} result={result} />
              ))}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

/** One verdict with what it rests on. */
export function Evidence({ result }: { readonly result: CheckResultDocument }) {
  const facts = Object.entries(result.evidence);
  return (
    <div className="flex min-w-0 flex-col gap-0.5 text-sm">
      <span className="flex flex-wrap items-baseline gap-x-2">
        <StateMark state={result.verdict} className="text-sm font-medium" />
        <span className="min-w-0 text-ink-2">{result.detail}</span>
      </span>
      {facts.length > 0 && (
        <details className="text-xs text-ink-2">
          <summary className="min-h-6 leading-6 text-ink-3">Evidence</summary>
          <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-3 font-mono">
            {facts.map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-ink-3">{name}</dt>
                <dd className="break-all">{typeof value === "string" ? value : JSON.stringify(value)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}
