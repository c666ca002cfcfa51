import { Stamp } from "lucide-react";
import { Ago } from "../shell/clock.tsx";

interface StampProps {
  readonly what: string;
  readonly who: string;
  readonly rule: string;
  readonly atMs: number | null;
  readonly soloWaiver: boolean;
}

/** Who decided, under which rule, when; and whether one person stood in for two. */
export function AuthorityStamp({ what, who, rule, atMs, soloWaiver }: StampProps) {
  return (
    <p className="inline-flex max-w-full flex-wrap items-center gap-x-2 gap-y-0.5 rounded border border-line px-2 py-1 text-sm">
      <Stamp size={14} aria-hidden="true" className="shrink-0 text-accent" />
      <span>
        {what} by <strong className="font-semibold">{who}</strong>
      </span>
      {atMs !== null && (
        <span className="text-ink-3">
          <Ago atMs={atMs} />
        </span>
      )}
      <span className="text-ink-3">
        under <code className="font-mono text-xs">{rule}</code>
      </span>
      {soloWaiver && <span className="rounded-sm border border-wait bg-wait-wash px-1 text-xs font-medium text-wait">solo waiver</span>}
    </p>
  );
}
