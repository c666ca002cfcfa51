import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { PlaybookSummary } from "../../../../contract/playbook-contract.ts";
import { playbooksQuery } from "../../queries.ts";
import { buttonLook } from "../../shell/controls.tsx";
import { useMay } from "../../shell/may.ts";
import { Page, PageHead } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { countText, titleWords } from "../../shell/words.ts";

/** Plans that are known to work, ready to be adapted to a request without a model. */
export function PlaybooksPage() {
  const query = useQuery(playbooksQuery);
  return (
    <Page title="Playbooks">
      <PageHead
        title="Playbooks"
        answer={
          query.data === undefined
            ? null
            : `${countText(query.data.items.length, "playbook")}. A request whose words match one gets its plan at once.`
        }
      />
      <Loaded query={query}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState>No playbook is known. Add one with: xvc playbook add FILE.</EmptyState>
          ) : (
            <ul>
              {page.items.map((playbook) => (
                <PlaybookRow key={playbook.id} playbook={playbook} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  );
}

function PlaybookRow({ playbook }: { readonly playbook: PlaybookSummary }) {
  const may = useMay();
  const needs = playbook.inputs.filter((input) => input.required).map((input) => input.name);
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 border-b border-line py-3 first:border-t">
      <div className="flex min-w-0 flex-col gap-0.5">
        <h2 className="font-medium">
          {titleWords(playbook.name)}{" "}
          <span className="text-sm font-normal text-ink-3">
            {[`version ${playbook.version}`, playbook.division, countText(playbook.taskCount, "task")]
              .filter((part) => part !== "")
              .join(", ")}
          </span>
        </h2>
        <p className="max-w-[75ch] text-sm text-ink-2">
          Matches{" "}
          {playbook.matches
            .slice(0, 3)
            .map((phrase) => `“${phrase}”`)
            .join(", ")}
          {playbook.matches.length > 3 && ` and ${playbook.matches.length - 3} more`}.{needs.length > 0 && ` Needs ${needs.join(", ")}.`}
        </p>
      </div>
      {may("submit-request") && (
        <Link to="/requests/new" search={{ playbook: playbook.name }} data-row className={buttonLook({})}>
          Use it<span className="sr-only">: {titleWords(playbook.name)}</span>
        </Link>
      )}
    </li>
  );
}
