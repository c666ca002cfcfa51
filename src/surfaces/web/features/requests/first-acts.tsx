import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { buttonLook } from "../../shell/controls.tsx";
import { useMay } from "../../shell/may.ts";
import { EmptyState } from "../../shell/states.tsx";

interface ActProps {
  readonly at: number;
  readonly title: string;
  readonly children: ReactNode;
  readonly act: ReactNode;
}

function Act({ at, title, children, act }: ActProps) {
  return (
    <li className="grid grid-cols-[2rem_minmax(0,1fr)] gap-x-3 border-b border-line py-4 last:border-0">
      <span aria-hidden="true" className="text-xl font-semibold text-ink-3 tabular-nums">
        {at}
      </span>
      <div className="flex flex-col items-start gap-2">
        <h2 className="text-base font-semibold">{title}</h2>
        <p className="max-w-[65ch] text-ink-2">{children}</p>
        {act}
      </div>
    </li>
  );
}

/** Nothing filed yet: the next act, a sample beside it, and where the rest of the house is. */
export function FirstActs() {
  const may = useMay();
  if (!may("submit-request")) return <EmptyState>Nothing has been asked for yet. Requests appear here once somebody files one.</EmptyState>;
  return (
    <section aria-label="First acts" className="max-w-[820px] border-t border-line-strong">
      <ol>
        <Act
          at={1}
          title="Have a repository assessed"
          act={
            <Link
              to="/requests/new"
              search={{ playbook: "assess-repository", text: "Assess this repository" }}
              className={buttonLook({ tone: "accent" })}
            >
              Assess a repository
            </Link>
          }
        >
          Nothing has been asked for yet. Name a repository on this machine: its report needs no key and no model, and takes about two
          minutes.
        </Act>
        <Act
          at={2}
          title="Or see a whole request in a rehearsal"
          act={
            <Link
              to="/requests/new"
              search={{ playbook: "customer-portal", text: "Build customer portal" }}
              className={buttonLook({ tone: "plain" })}
            >
              Or try the sample: Build customer portal
            </Link>
          }
        >
          A sample request with a plan of four tasks. File it in a rehearsal project and scripted performers do the work in simulated time;
          it is labelled so everywhere.
        </Act>
        <Act
          at={3}
          title="Or ask for anything"
          act={
            <Link to="/requests/new" className={buttonLook({ tone: "plain" })}>
              File a request
            </Link>
          }
        >
          One sentence is enough. What no playbook fits becomes a question to you, never a guess.
        </Act>
      </ol>
    </section>
  );
}
