import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { printAnswer, textAt } from "./output.ts";

export const openClient = (context: GroupContext): Promise<Client> => context.use.connect({ start: false, port: context.flags().port });

/** Prints what a command changed: label and state. */
export function printChange(context: GroupContext, answer: JsonObject): number {
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () => `${textAt(answer, "label") || textAt(answer, "id")} ${textAt(answer, "state")}`.trimEnd().concat("\n"),
  });
  return exitCodes.ok;
}

export const entityArgument = "label or id, such as customer/acme";
