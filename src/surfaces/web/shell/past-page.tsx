import { QueryClientProvider } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { History } from "lucide-react";
import { type ReactNode, useEffect, useMemo } from "react";
import { announce } from "./announce.tsx";
import { buttonLook } from "./controls.tsx";
import { addressOf } from "./instants.ts";
import { MomentContext } from "./moment-context.ts";
import { PastClient } from "./past-client.ts";
import { TimePanel } from "./time-panel.tsx";
import type { TimeSubject } from "./time-subject.ts";
import { instantText } from "./words.ts";

interface PastProps {
  readonly subject: TimeSubject;
  readonly atMs: number;
  readonly children: ReactNode;
}

/** A page as of an instant: what it reads is read there, what it would send is refused, and a banner says so. */
export function PastPage({ subject, atMs, children }: PastProps) {
  return (
    <>
      <PastBanner subject={subject} atMs={atMs} />
      <PastReads key={atMs} atMs={atMs}>
        {children}
      </PastReads>
    </>
  );
}

function PastReads({ atMs, children }: Omit<PastProps, "subject">) {
  const client = useMemo(() => new PastClient(atMs), [atMs]);
  return (
    <MomentContext value={atMs}>
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    </MomentContext>
  );
}

function PastBanner({ subject, atMs }: Omit<PastProps, "children">) {
  const { row } = subject;
  useEffect(() => announce(`As it was on ${instantText(atMs)}. Nothing can be changed here.`), [atMs]);
  return (
    <>
      <section
        aria-label="As it was"
        className="no-print sticky top-0 z-20 flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-accent bg-sheet px-4 py-2.5 sm:px-8"
      >
        <p className="flex min-w-0 flex-1 basis-60 items-center gap-2 text-sm">
          <History size={15} aria-hidden="true" className="shrink-0 text-accent" />
          <span>
            <strong className="font-semibold">As it was on {instantText(atMs)}.</strong> Nothing can be changed here.
          </span>
        </p>
        <span className="flex flex-wrap gap-2">
          {row !== null && (
            <Link to="/memory/diff" search={{ ...row, from: addressOf(atMs) }} className={buttonLook({ tone: "plain" })}>
              What changed since
            </Link>
          )}
          <Link to="." search={(before) => ({ ...before, at: "" })} resetScroll={false} className={buttonLook({ tone: "accent" })}>
            Back to now
          </Link>
        </span>
      </section>
      <section aria-label="Another instant" className="no-print border-b border-line px-4 py-2.5 sm:px-8">
        <TimePanel subject={subject} atMs={atMs} />
      </section>
    </>
  );
}
