import { Link } from "@tanstack/react-router";
import { buttonLook } from "../../shell/controls.tsx";
import { EmptyState } from "../../shell/states.tsx";

/** Nothing filed yet: the one next act, and a sample beside it. */
export function FirstActs() {
  return (
    <EmptyState
      act={
        <div className="flex flex-wrap gap-2">
          <Link
            to="/requests/new"
            search={{ playbook: "assess-repository", text: "Assess this repository" }}
            className={buttonLook({ tone: "accent" })}
          >
            Assess a repository
          </Link>
          <Link
            to="/requests/new"
            search={{ playbook: "customer-portal", text: "Build customer portal" }}
            className={buttonLook({ tone: "quiet" })}
          >
            Or try the sample: Build customer portal
          </Link>
        </div>
      }
    >
      Nothing has been asked for yet. Name a repository on this machine: its report needs no key and no model, and takes about two minutes.
    </EmptyState>
  );
}
