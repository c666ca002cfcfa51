import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, printAnswer, textAt } from "./output.ts";
import { reference, segment } from "./values.ts";

/** `xvc task redirect`: a person's word against what a performer understood. */
export function registerRedirect(group: Command, context: GroupContext): void {
  group
    .command("redirect")
    .description("say how a task is to be understood; the work is taken up again with that")
    .argument("<task>", "label or id, such as ENG-42/backend", reference)
    .argument("<direction>", "how it is to be understood, at most 2,000 characters")
    .addHelpText("after", '\nExamples:\n  $ xvc task redirect ENG-42/backend "For beginners, not for experts"\n')
    .action(context.act((task: string, direction: string) => redirect(context, task, direction)));
}

async function redirect(context: GroupContext, task: string, direction: string): Promise<number> {
  const client = await context.use.connect({ start: false, port: context.flags().port });
  const attempts = listAt(await client.get(`/api/tasks/${segment(task)}`), "attempts");
  const latest = attempts.toSorted((left, right) => Number(textAt(right, "number")) - Number(textAt(left, "number")))[0];
  if (latest === undefined)
    throw new Failure("conflict", "task.not-redirectable", { message: "Nobody has begun this task, so there is nothing to redirect." });
  const answer = await client.post(`/api/tasks/${segment(task)}/redirect`, { attemptId: textAt(latest, "id"), direction });
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () => `${textAt(answer, "label")} ${textAt(answer, "state")}\n`,
  });
  return exitCodes.ok;
}
