import { type Command, InvalidArgumentError } from "commander";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { printAnswer, textAt } from "./output.ts";
import { segment } from "./values.ts";

interface WindowOptions {
  readonly requests?: number | null;
  readonly tokens?: number | null;
}

/** A whole number of 1 or more, or `none`. @throws {InvalidArgumentError} */
function limit(value: string): number | null {
  if (value === "none") return null;
  if (/^[1-9]\d{0,8}$/u.test(value)) return Number(value);
  throw new InvalidArgumentError("Say a whole number of 1 or more, or none.");
}

/** `xvc model window`: what goes through to a provider in a minute. */
export function registerModelWindow(group: Command, context: GroupContext): void {
  group
    .command("window")
    .description("say how much a provider takes in a minute; calls beyond it wait, urgent ones first, and no project starves")
    .argument("<provider>", "name or id")
    .option("--requests <n>", "requests a minute, or none", limit)
    .option("--tokens <n>", "tokens a minute, or none", limit)
    .addHelpText(
      "after",
      "\nExamples:\n  $ xvc model window anthropic --requests 50 --tokens 40000\n  $ xvc model window ollama --requests none\n",
    )
    .action(context.act((provider: string, options: WindowOptions) => window(context, provider, options)));
}

async function window(context: GroupContext, provider: string, { requests, tokens }: WindowOptions): Promise<number> {
  const client = await context.use.connect({ start: false, port: context.flags().port });
  const answer = await client.post(`/api/providers/${segment(provider)}`, {
    ...(requests === undefined ? {} : { requestsPerMinute: requests }),
    ...(tokens === undefined ? {} : { tokensPerMinute: tokens }),
  });
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${textAt(answer, "label")}: the window is set\n` });
  return exitCodes.ok;
}
