import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { RiskMark } from "../../marks/state-mark.tsx";
import { planQuery } from "../../queries.ts";
import { Section } from "../../shell/page.tsx";
import { Loaded } from "../../shell/states.tsx";
import { countText, hoursText, titleWords } from "../../shell/words.ts";

/** Tasks that stand beside an approval; the whole plan is one link away. */
const digestTasks = 15;

/** What exactly is approved, small enough to stand beside the question. */
export function PlanDigest({ reference }: { readonly reference: string }) {
  const query = useQuery(planQuery(reference));
  return (
    <Section
      title="The plan"
      aside={
        <Link
          to="/requests/$reference"
          params={{ reference }}
          search={{ tab: "plan" }}
          className="inline-flex min-h-6 items-center text-accent underline"
        >
          See it whole
        </Link>
      }
    >
      <Loaded query={query} rows={4}>
        {({ document }) => (
          <>
            <ol className="flex flex-col">
              {document.decomposition.slice(0, digestTasks).map((task) => (
                <li
                  key={task.task}
                  className="flex min-h-7 flex-wrap items-center gap-x-4 border-b border-line py-0.5 text-sm last:border-0"
                >
                  <span className="min-w-0 flex-1">{task.title}</span>
                  {task.risk !== "low" && <RiskMark risk={task.risk} />}
                  <span className="text-ink-3 max-sm:hidden">{titleWords(task.persona)}</span>
                  <span className="w-14 text-right text-ink-2">{hoursText(task.estimate.likelyHours)}</span>
                </li>
              ))}
            </ol>
            {document.decomposition.length > digestTasks && (
              <p className="text-sm text-ink-3">and {countText(document.decomposition.length - digestTasks, "more task")}</p>
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}
