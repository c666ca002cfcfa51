import { Link } from "@tanstack/react-router";
import { EmptyState } from "../../shell/states.tsx";

/** Limits on money, tokens and time. Today a request's own budget is all there is. */
export function Panel() {
  return (
    <EmptyState
      act={
        <Link to="/requests/new" className="text-accent underline">
          File a request with a budget
        </Link>
      }
    >
      Limits per organization, project and persona will stand here, with what is reserved and spent; they need work that costs money, and
      today no executor does. A request can carry a budget: a plan that costs more is not approved beforehand but asked about.
    </EmptyState>
  );
}
