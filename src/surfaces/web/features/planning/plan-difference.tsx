import { Minus, PencilLine, Plus } from "lucide-react";
import type { PlanTaskDocument } from "../../../../contract/plan-contract.ts";
import { isSamePlan } from "../../../../core/planning/diff-plans.ts";
import { plainWords } from "../../shell/words.ts";
import { difference } from "./plan-edit.ts";

interface DifferenceProps {
  readonly before: readonly PlanTaskDocument[];
  readonly after: readonly PlanTaskDocument[];
}

const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value ?? null));

/** What came, what went, what is said otherwise: field by field, old beside new. */
export function PlanDifferenceList({ before, after }: DifferenceProps) {
  const found = difference(before, after);
  if (isSamePlan(found)) return <p className="text-sm text-ink-3">No difference.</p>;
  const then = new Map(before.map((task) => [task.task, task]));
  const now = new Map(after.map((task) => [task.task, task]));
  return (
    <ul className="flex flex-col gap-1.5 text-sm">
      {found.added.map((key) => (
        <li key={`+${key}`} className="flex items-start gap-2">
          <Plus size={14} aria-hidden="true" className="mt-0.5 shrink-0 text-good" />
          <span>
            <span className="font-medium text-good">Added</span> {now.get(key)?.title} <code className="id text-ink-3">{key}</code>
          </span>
        </li>
      ))}
      {found.removed.map((key) => (
        <li key={`-${key}`} className="flex items-start gap-2">
          <Minus size={14} aria-hidden="true" className="mt-0.5 shrink-0 text-bad" />
          <span>
            <span className="font-medium text-bad">Removed</span> {then.get(key)?.title} <code className="id text-ink-3">{key}</code>
          </span>
        </li>
      ))}
      {found.changed.map(({ task, fields }) => (
        <li key={`~${task}`} className="flex items-start gap-2">
          <PencilLine size={14} aria-hidden="true" className="mt-0.5 shrink-0 text-wait" />
          <div className="min-w-0 flex-1">
            <span className="font-medium text-wait">Changed</span> {now.get(task)?.title} <code className="id text-ink-3">{task}</code>
            <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-3 text-xs">
              {fields.map((field) => (
                <div key={field} className="contents">
                  <dt className="text-ink-3">{plainWords(field)}</dt>
                  <dd className="min-w-0 break-words">
                    <del className="text-ink-3">{shown(valueOf(then.get(task), field))}</del>{" "}
                    <ins className="no-underline">{shown(valueOf(now.get(task), field))}</ins>
                  </dd>
                </div>
              ))}
            </dl>
          </div>
        </li>
      ))}
    </ul>
  );
}

const valueOf = (task: PlanTaskDocument | undefined, field: string): unknown =>
  (task as { readonly [name: string]: unknown } | undefined)?.[field]; // a field that the difference named
