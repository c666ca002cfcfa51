/** Scripted work in simulated time. The word stands on every screen of it. */
export function RehearsalBadge() {
  return (
    <span className="inline-flex h-5 shrink-0 items-center gap-1.5 rounded-sm border border-rehearsal bg-rehearsal-wash pr-1.5 text-xs font-semibold text-rehearsal">
      <span aria-hidden="true" className="weave h-full w-2" />
      Rehearsal
    </span>
  );
}

/** The band over a rehearsal's page. */
export function RehearsalBand() {
  return (
    <p className="flex items-stretch overflow-hidden rounded border border-rehearsal bg-rehearsal-wash text-sm text-rehearsal">
      <span aria-hidden="true" className="weave w-3 shrink-0" />
      <span className="px-3 py-1.5">
        <strong>Rehearsal.</strong> Scripted performers in simulated time: nothing here was really done, and none of it counts as measured
        quality.
      </span>
    </p>
  );
}
