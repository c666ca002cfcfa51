import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleAlert, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Failure } from "../../../core/shared/failure.ts";
import { isSignedOut, refusalOf } from "../api.ts";
import { Button } from "./controls.tsx";

/** Grey lines where rows will be; announced once, not read out. */
export function Skeleton({ rows = 6 }: { readonly rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col">
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} aria-hidden="true" className="flex h-8 items-center gap-4 border-b border-line">
          <span className="breathe h-2.5 w-16 rounded-sm bg-wash" />
          <span className="breathe h-2.5 rounded-sm bg-wash" style={{ width: `${30 + ((at * 17) % 40)}%` }} />
        </div>
      ))}
    </div>
  );
}

/** What cannot be read: not there, or not the reader's. No error to report; a way on. */
function NotThere({ error }: { readonly error: unknown }) {
  return (
    <div role="alert">
      <EmptyState
        act={
          <p className="flex flex-wrap gap-x-4 text-sm">
            <Link to="/" className="text-accent underline">
              Go home
            </Link>
            <Link to="/requests" className="text-accent underline">
              See all requests
            </Link>
          </p>
        }
      >
        {withoutCommands(refusalOf(error).message)}
      </EmptyState>
    </div>
  );
}

/** What to type in a terminal helps nobody on a page that has the list itself. */
const withoutCommands = (message: string): string => message.replaceAll(/ xvc [^.]*\./gu, "");

const isNotThere = (error: unknown): boolean => error instanceof Failure && error.kind === "not-found";

/** What went wrong, why, what to do next, and the id that finds the log. */
export function ErrorState({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const refusal = refusalOf(error);
  return (
    <div role="alert" className="flex max-w-[75ch] flex-col gap-2 rounded border border-bad bg-bad-wash p-3 text-base">
      <p className="flex items-start gap-2">
        <CircleAlert size={16} aria-hidden="true" className="mt-0.5 shrink-0 text-bad" />
        <span>{refusal.message}</span>
      </p>
      {refusal.problems.length > 0 && (
        <ul className="ml-6 list-disc text-sm">
          {refusal.problems.map((problem) => (
            <li key={`${problem.path} ${problem.message}`}>
              <code className="font-mono text-xs">{problem.path}</code> {problem.message}
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-3 text-sm text-ink-2">
        {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
        {refusal.instance !== null && (
          <span>
            To find it in the log: <code className="font-mono text-xs select-all">{refusal.instance}</code>
          </span>
        )}
      </div>
    </div>
  );
}

/** The refusal of an act, beside the button that caused it. */
export function ActError({ error }: { readonly error: unknown }) {
  if (error === null || error === undefined) return null;
  const refusal = refusalOf(error);
  return (
    <div role="alert" className="flex items-start gap-2 text-sm text-bad">
      <TriangleAlert size={14} aria-hidden="true" className="mt-0.5 shrink-0" />
      <div>
        <p>{refusal.message}</p>
        {refusal.problems.map((problem) => (
          <p key={`${problem.path} ${problem.message}`}>
            {problem.path}: {problem.message}
          </p>
        ))}
        {refusal.instance !== null && (
          <p className="text-ink-3">
            Log id <code className="font-mono text-xs select-all">{refusal.instance}</code>
          </p>
        )}
      </div>
    </div>
  );
}

/** Nothing here yet: one sentence, one act. */
export function EmptyState({ children, act }: { readonly children: ReactNode; readonly act?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-3 rounded border border-dashed border-line-strong p-5">
      <p className="max-w-[60ch] text-base text-ink-2">{children}</p>
      {act}
    </div>
  );
}

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>;
  readonly rows?: number;
  readonly children: (data: Data) => ReactNode;
}

/** A query's three ends: still loading, refused, there. Data that is there stays when a later reading fails. */
export function Loaded<Data>({ query, rows = 6, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError)
    return isSignedOut(query.error) ? (
      <SignedOut />
    ) : isNotThere(query.error) ? (
      <NotThere error={query.error} />
    ) : (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    );
  return <Skeleton rows={rows} />;
}

/** There is no password: a fresh link comes from the machine the server runs on. */
export function SignedOut() {
  return (
    <div className="mx-auto flex max-w-[52ch] flex-col gap-3 px-6 py-16">
      <h1 className="text-xl font-semibold">You are not signed in</h1>
      <p>There is no password here. On the machine where xVC runs, this command prints a fresh sign-in link that works once:</p>
      <pre className="overflow-x-auto rounded border border-line bg-sheet px-3 py-2 font-mono text-sm select-all">xvc login</pre>
      <p className="text-ink-3">Open the link in this browser. Your drafts are kept.</p>
      <p>
        <Link to="/sign-in" className="text-accent underline">
          Other ways to sign in
        </Link>
      </p>
    </div>
  );
}

/** Outside of the frame, where it is the whole page. */
export const PageNotFound = () => (
  <main>
    <NotFound />
  </main>
);

export function NotFound() {
  return (
    <div className="mx-auto flex w-full max-w-[1120px] flex-col gap-3 px-4 py-10 sm:px-8">
      <h1 className="text-xl font-semibold">There is no such page</h1>
      <p>
        The address may be cut off.{" "}
        <Link to="/" className="text-accent underline">
          Go home
        </Link>{" "}
        or look through{" "}
        <Link to="/requests" className="text-accent underline">
          all requests
        </Link>
        .
      </p>
    </div>
  );
}
