import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { AuditEntry, AuditPage } from "../../../../contract/audit-contract.ts";
import { RehearsalBadge } from "../../marks/rehearsal-badge.tsx";
import { changesQuery, meQuery } from "../../queries.ts";
import { Ago } from "../../shell/clock.tsx";
import { Section } from "../../shell/page.tsx";
import { useProjectKey } from "../../shell/project-scope.ts";
import { ErrorState, Skeleton } from "../../shell/states.tsx";
import { type LastLook, useLastLook } from "./last-look.ts";

const shownChanges = 12;

/** What happened since this browser last showed Home, the newest first, without what the reader did. */
export function HomeChanges() {
  const look = useLastLook();
  const changes = useQuery(changesQuery(look.atMs));
  return (
    <Section title={look.isFirst ? "What happened lately" : "Since your last look"} aside={<Since look={look} />}>
      {changes.isPending && <Skeleton rows={3} />}
      {changes.isError && <ErrorState error={changes.error} onRetry={() => void changes.refetch()} />}
      {changes.data !== undefined && <Entries page={changes.data} />}
    </Section>
  );
}

function Since({ look }: { readonly look: LastLook }) {
  if (look.isFirst) return "last 24 h";
  return (
    <span>
      you looked <Ago atMs={look.atMs} />
    </span>
  );
}

function Entries({ page }: { readonly page: AuditPage }) {
  const me = useQuery({ ...meQuery, enabled: false });
  const project = useProjectKey();
  const isShown = ({ actor, requestLabel }: AuditEntry): boolean =>
    actor.id !== me.data?.person.id && requestLabel !== null && (project === "" || requestLabel.startsWith(`${project}-`));
  const theirs = page.items.filter(isShown);
  if (theirs.length === 0) return <p className="text-sm text-ink-3">Nothing that somebody else or the engine did.</p>;
  const further = theirs.length - shownChanges;
  return (
    <>
      <ul className="flex flex-col">
        {theirs.slice(0, shownChanges).map((entry) => (
          <Change key={entry.cursor} entry={entry} />
        ))}
      </ul>
      {further > 0 && (
        <p className="text-sm text-ink-3">
          and {further}
          {page.nextCursor === null ? "" : " or more"} before that
        </p>
      )}
    </>
  );
}

function Change({ entry }: { readonly entry: AuditEntry }) {
  const me = useQuery({ ...meQuery, enabled: false });
  const isRehearsal = me.data?.projects.some((project) => project.id === entry.projectId && project.mode === "rehearsal") === true;
  return (
    <li className="arrive flex items-baseline gap-2.5 border-b border-line py-1.5 text-sm last:border-0">
      <Link
        to="/requests/$reference"
        params={{ reference: entry.requestLabel ?? "" }}
        search={{ tab: "log" }}
        className="id shrink-0 underline decoration-line-strong underline-offset-2 hover:decoration-current"
      >
        {entry.requestLabel}
      </Link>
      <span className="min-w-0 flex-1">
        {entry.sentence} {isRehearsal && <RehearsalBadge />}
      </span>
      <span className="shrink-0 text-xs text-ink-3">
        <Ago atMs={entry.recordedAtMs} />
      </span>
    </li>
  );
}
