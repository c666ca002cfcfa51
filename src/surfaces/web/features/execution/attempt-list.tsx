import type { AttemptDocument } from "../../../../contract/task-contract.ts";
import { PerformerName } from "../../marks/performer-name.tsx";
import { StateMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Section } from "../../shell/page.tsx";
import { countText, durationText } from "../../shell/words.ts";
import { AttemptTrustLine } from "./attempt-trust.tsx";
import { OutputView } from "./output-view.tsx";

/** Every try, newest first: who, how, how long, what came of it. */
export function AttemptList({ attempts }: { readonly attempts: readonly AttemptDocument[] }) {
  if (attempts.length === 0) return null;
  const newestFirst = attempts.toSorted((left, right) => right.number - left.number);
  return (
    <Section title="Attempts" aside={countText(attempts.length, "attempt")}>
      <ol className="flex flex-col">
        {newestFirst.map((attempt, at) => (
          <AttemptEntry
            key={attempt.id}
            attempt={attempt}
            before={newestFirst.slice(at + 1).find((earlier) => earlier.outputs.length > 0)}
          />
        ))}
      </ol>
    </Section>
  );
}

function AttemptEntry({ attempt, before }: { readonly attempt: AttemptDocument; readonly before: AttemptDocument | undefined }) {
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
      <AttemptTrustLine trust={attempt.trust} />
      {failure !== null && <p className="text-sm text-bad">{failure}</p>}
      {attempt.notes.map((note) => (
        <p key={note} className="text-sm text-ink-3">
          {note}
        </p>
      ))}
      {attempt.outputs.length > 0 && (
        <ul className="flex flex-col">
          {attempt.outputs.map((file) => (
            <OutputView key={file.name} file={file} before={before?.outputs.find((one) => one.name === file.name)} />
          ))}
        </ul>
      )}
    </li>
  );
}
