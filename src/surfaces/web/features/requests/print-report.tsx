import type { ProgressDocument } from "../../../../contract/progress-contract.ts";
import { stateWord } from "../../marks/state-mark.tsx";
import { dayText, instantText } from "../../shell/words.ts";

/** The request on paper: what was asked, what was understood, the tasks, the decisions. Seen only when printed. */
export function PrintReport({ progress }: { readonly progress: ProgressDocument }) {
  const { summary, brief, tasks, decisions } = progress;
  return (
    <div className="hidden flex-col gap-4 print:flex">
      <h2 className="font-semibold">What was asked</h2>
      <p className="whitespace-pre-wrap">{summary.text}</p>
      {brief !== null && (
        <>
          <h2 className="font-semibold">What was understood</h2>
          <p>{brief.interpretation}</p>
        </>
      )}
      {tasks.length > 0 && (
        <>
          <h2 className="font-semibold">Tasks</h2>
          <table>
            <tbody>
              {tasks.map((task) => (
                <tr key={task.task_id} className="border-b">
                  <td className="py-0.5 pr-3">{task.title}</td>
                  <td className="pr-3">{task.performer?.name}</td>
                  <td className="pr-3">{stateWord(task.status)}</td>
                  <td className="text-right">{task.finished === null ? "" : dayText(task.finished)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {decisions.length > 0 && (
        <>
          <h2 className="font-semibold">Decisions</h2>
          <ul>
            {decisions.map((one) => (
              <li key={one.id}>
                {one.question} {one.choice ?? "open"}
                {one.decider === null ? "" : `, ${one.decider.name}`}
                {one.madeAtMs === null ? "" : `, ${instantText(one.madeAtMs)}`}
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="text-xs">
        {progress.request}, as of {instantText(progress.as_of)}, position {progress.position ?? "none"} of the log.
      </p>
    </div>
  );
}
