import { Link } from "@tanstack/react-router";
import { BookOpen, CircleDot, Stamp } from "lucide-react";
import { useState } from "react";
import { Ago } from "./clock.tsx";
import { Button } from "./controls.tsx";
import { Dialog } from "./dialog.tsx";
import { useKeys } from "./keys.ts";
import { Facts } from "./page.tsx";
import type { Why, WhyReason } from "./why.ts";

const looks = {
  rule: { Icon: BookOpen, word: "Rule" },
  decision: { Icon: Stamp, word: "Decision" },
  fact: { Icon: CircleDot, word: "Fact" },
} as const;

function Reason({ reason }: { readonly reason: WhyReason }) {
  const { Icon, word } = looks[reason.kind];
  return (
    <li className="flex items-start gap-2 border-b border-line py-1.5 last:border-0">
      <Icon size={14} aria-hidden="true" className="mt-[3px] shrink-0 text-accent" />
      <span className="min-w-0">
        <span className="sr-only">{word}: </span>
        {reason.to === undefined ? (
          reason.text
        ) : (
          <Link to={reason.to} className="underline underline-offset-2">
            {reason.text}
          </Link>
        )}{" "}
        {reason.id !== undefined && <code className="font-mono text-xs text-ink-3 select-all">{reason.id}</code>}{" "}
        {reason.atMs !== undefined && (
          <span className="text-sm text-ink-3">
            <Ago atMs={reason.atMs} />
          </span>
        )}
      </span>
    </li>
  );
}

/** The panel itself; use `WhyButton` to open it. */
export function WhyPanel({ why, onClose }: { readonly why: Why; readonly onClose: () => void }) {
  return (
    <Dialog title={`Why: ${why.of}`} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p className="text-lg">{why.state}</p>
        {why.because.length > 0 && (
          <section aria-label="Because">
            <h3 className="eyebrow mb-1">Because</h3>
            <ul>
              {why.because.map((reason) => (
                <Reason key={`${reason.kind} ${reason.text} ${reason.id ?? ""}`} reason={reason} />
              ))}
            </ul>
          </section>
        )}
        {why.change.length > 0 && (
          <section aria-label="What would change it">
            <h3 className="eyebrow mb-1">What would change it</h3>
            <ul className="list-disc pl-5 marker:text-ink-3">
              {why.change.map((way) => (
                <li key={way}>{way}</li>
              ))}
            </ul>
          </section>
        )}
        {why.data.length > 0 && (
          <section aria-label="Made from">
            <h3 className="eyebrow mb-1">Made from</h3>
            <Facts rows={why.data} />
          </section>
        )}
      </div>
    </Dialog>
  );
}

/** Opens the why of an object; `W` does the same. One on a page holds the key, others pass `withKey={false}`. */
export function WhyButton({ why, withKey = true }: { readonly why: Why; readonly withKey?: boolean }) {
  const [open, setOpen] = useState(false);
  useKeys(withKey ? { w: { label: "Why is it so?", run: () => setOpen(true) } } : {});
  return (
    <>
      <Button tone="quiet" className="px-2" onClick={() => setOpen(true)} {...(withKey ? { shortcut: "W" } : {})}>
        Why<span className="sr-only"> is {why.of} so?</span>
      </Button>
      {open && <WhyPanel why={why} onClose={() => setOpen(false)} />}
    </>
  );
}
