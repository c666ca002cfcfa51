import { useQuery } from "@tanstack/react-query";
import { taskTimelineQuery } from "./task-queries.ts";
import { Section } from "../../shell/page.tsx";
import { Loaded } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";
import { StoryEntry } from "../requests/request-log.tsx";

/** What happened to the task and its latest attempts, the last fact first; it grows while work runs. */
export function TaskStory({ reference }: { readonly reference: string }) {
  const query = useQuery(taskTimelineQuery(reference));
  return (
    <Section title="What happened" aside={query.data === undefined ? undefined : countText(query.data.items.length, "fact")}>
      <Loaded query={query} rows={4}>
        {(story) => (
          <ol className="flex max-h-[28rem] flex-col overflow-y-auto" tabIndex={0} aria-label="Facts about this task, the latest first">
            {story.items.toReversed().map((entry) => (
              <StoryEntry key={entry.cursor} entry={entry} narrow />
            ))}
          </ol>
        )}
      </Loaded>
    </Section>
  );
}
