import type { AttemptDocument } from "../../../../contract/task-contract.ts";
import { contentUrl } from "../../api.ts";
import { PerformerName } from "../../marks/performer-name.tsx";
import { StateMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Section } from "../../shell/page.tsx";
import { countText, durationText } from "../../shell/words.ts";

/** Every try, newest first: who, how, how long, what came of it. */
export function AttemptList({ attempts }: { readonly attempts: readonly AttemptDocument[] }) {
  if (attempts.length === 0) return null;
  const newestFirst = attempts.toSorted((left, right) => right.number - left.number);
  return (
    <Section title="Attempts" aside={countText(attempts.length, "attempt")}>
      <ol className="flex flex-col">
        {newestFirst.map((attempt) => (
          <AttemptEntry key={attempt.id} attempt={attempt} />
        ))}
      </ol>
    </Section>
  );
}

function AttemptEntry({ attempt }: { readonly attempt: AttemptDocument }) {
  const failure = typeof attempt.failure?.["message"] === "string" ? attempt.failure["message"] : null;
  return (
    <li className="flex flex-col gap-1 border-b border-line py-2 last:border-0">
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
        <span className="font-semibold">No {attempt.number}</span>
        <StateMark state={attempt.state} />
        <PerformerName kind={attempt.performer.kind} name={attempt.performer.name} />
        <span className="text-ink-3">{attempt.executor}</span>
        {attempt.startedAtMs !== null && (
          <span className="text-ink-3">
            <Ago atMs={attempt.startedAtMs} />
            {attempt.endedAtMs !== null && `, took ${durationText(attempt.endedAtMs - attempt.startedAtMs)}`}
          </span>
        )}
      </p>
      {attempt.interpretation !== "" && <p className="text-sm text-ink-2">{attempt.interpretation}</p>}
      {failure !== null && <p className="text-sm text-bad">{failure}</p>}
      {attempt.notes.map((note) => (
        <p key={note} className="text-sm text-ink-3">
          {note}
        </p>
      ))}
      {attempt.outputs.length > 0 && (
        <p className="flex flex-wrap gap-x-3 text-sm">
          {attempt.outputs.map((file) => (
            <a
              key={file.name}
              href={contentUrl(file.sha256)}
              target="_blank"
              rel="noopener noreferrer"
              className="inline-flex min-h-6 items-center text-accent underline"
            >
              {file.name}
            </a>
          ))}
        </p>
      )}
    </li>
  );
}
