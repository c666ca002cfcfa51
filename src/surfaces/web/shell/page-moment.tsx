import { useLocation, useSearch } from "@tanstack/react-router";
import { type ReactNode, Suspense, lazy } from "react";
import { momentOf } from "./instants.ts";
import { useMoment } from "./moment-context.ts";
import { timeSubjectOf } from "./time-subject.ts";

const PastPage = lazy(async () => ({ default: (await import("./past-page.tsx")).PastPage }));
const TimeButton = lazy(async () => ({ default: (await import("./time-button.tsx")).TimeButton }));

/** The page as the address wants it: as of `?at=`, where the page has a past, or as it is. */
export function PageMoment({ children }: { readonly children: ReactNode }) {
  const { at } = useSearch({ strict: false });
  const subject = timeSubjectOf(useLocation().pathname);
  const atMs = momentOf(at);
  if (subject === null || atMs === undefined) return children;
  return (
    <Suspense fallback={null}>
      <PastPage subject={subject} atMs={atMs}>
        {children}
      </PastPage>
    </Suspense>
  );
}

/** The way into the past of the page's subject; nothing where there is none, or one is there already. */
export function TimeControl() {
  const subject = timeSubjectOf(useLocation().pathname);
  const isPast = useMoment() !== null;
  if (subject === null || isPast) return null;
  return (
    <Suspense fallback={null}>
      <TimeButton subject={subject} />
    </Suspense>
  );
}
