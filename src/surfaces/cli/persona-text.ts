import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { printAnswer, textAt } from "./output.ts";

export const openClient = (context: GroupContext): Promise<Client> => context.use.connect({ start: false, port: context.flags().port });

/** A value on one line: lists with commas, objects as JSON. */
export const inline = (value: Json | undefined): string => {
  if (Array.isArray(value) && value.length === 0) return "none";
  if (Array.isArray(value))
    return (value as readonly Json[]).map((one) => (typeof one === "object" ? JSON.stringify(one) : String(one))).join(", ");
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value === undefined || value === null ? "" : String(value);
};

/** Prints what a change was answered with. */
export function printTold(context: GroupContext, answer: JsonObject): number {
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${textAt(answer, "message")}\n` });
  return exitCodes.ok;
}

/** One change per field, the old value above the new one. */
export const changeLines = (changes: readonly JsonObject[]): readonly string[] =>
  changes.flatMap((change) => [
    `${textAt(change, "field")}:`,
    ...(change["before"] === null ? [] : [`  - ${inline(change["before"])}`]),
    ...(change["after"] === null ? [] : [`  + ${inline(change["after"])}`]),
  ]);
