import type { Command } from "commander";
import type { JsonObject } from "../../core/shared/json.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { printAnswer, textAt } from "./output.ts";
import { reference, segment } from "./values.ts";

async function send(
  context: GroupContext,
  task: string,
  { act, body }: { readonly act: string; readonly body: JsonObject },
): Promise<number> {
  const client = await context.use.connect({ start: false, port: context.flags().port });
  const answer = await client.post(`/api/tasks/${segment(task)}/${act}`, body);
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () => `${textAt(answer, "label")} ${textAt(answer, "state")}\n`,
  });
  return exitCodes.ok;
}

/** `xvc task pause|resume|steer|take-over|stop`: what a person does to work while it runs. */
export function registerWorkControl(group: Command, context: GroupContext): void {
  const one = (name: string, summary: string, examples: string): Command =>
    group
      .command(name)
      .description(summary)
      .argument("<task>", "label or id, such as ENG-42/backend", reference)
      .addHelpText("after", `\nExamples:\n${examples}`);
  for (const act of ["pause", "resume"] as const)
    one(
      act,
      act === "pause" ? "hold running work where it is; what it did stays" : "let work go on that a person paused",
      `  $ xvc task ${act} ENG-42/backend\n`,
    )
      .option("--reason <text>", "why; it is in the log")
      .action(
        context.act((task: string, { reason }: { readonly reason?: string }) =>
          send(context, task, { act, body: reason === undefined ? {} : { reason } }),
        ),
      );
  one("steer", "tell running work something; it is said in its next turn", '  $ xvc task steer ENG-42/backend "Keep the old API"\n')
    .argument("<note>", "what it should know, at most 2,000 characters")
    .action(context.act((task: string, note: string) => send(context, task, { act: "steer", body: { note } })));
  for (const act of ["take-over", "stop"] as const)
    one(
      act,
      act === "take-over" ? "end running work and do the task yourself" : "end running work; somebody is asked who goes on",
      `  $ xvc task ${act} ENG-42/backend --reason "It goes the wrong way"\n`,
    )
      .requiredOption("--reason <text>", "why; kept with the decision")
      .action(context.act((task: string, { reason }: { readonly reason: string }) => send(context, task, { act, body: { reason } })));
}
