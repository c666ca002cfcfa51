import type { Command } from "commander";
import type { JsonObject } from "../../core/shared/json.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, note, objectAt, printAnswer, textAt } from "./output.ts";
import { findPerson } from "./find-person.ts";
import { segment } from "./values.ts";

const whoArgument = "name, e-mail address or id; removed people as well";

interface SaidOptions {
  readonly reason?: string;
  readonly confirm?: string;
  readonly preview?: boolean;
}

/** Erasing what is personal of somebody, and holding it for the law. */
export function registerErasure(group: Command, context: GroupContext): void {
  const acts = [
    {
      verb: "erase",
      about: "ask for the erasure of a removed person, or agree to it; it cannot be undone",
      examples: ['"Kim Berg" --preview', '"Kim Berg" --reason "asked for it"', '"Kim Berg" --reason "asked for it" --confirm 1a2b3c4d'],
    },
    { verb: "keep", about: "take a wish for an erasure back, or turn it down", examples: ['"Kim Berg" --reason "the contract is open"'] },
    { verb: "hold", about: "put a legal hold on somebody's personal data", examples: ['"Kim Berg" --reason "a lawsuit"'] },
    { verb: "release", about: "ask for the end of a legal hold, or agree to it", examples: ['"Kim Berg" --reason "it is settled"'] },
  ];
  for (const { verb, about, examples } of acts) {
    const made = group
      .command(verb)
      .description(about)
      .argument("<person>", whoArgument)
      .option("--reason <text>", "why, without naming the person; it is kept for good")
      .option("--confirm <short-id>", "decides alone where nobody else can agree: the last 8 characters of the person's id")
      .addHelpText("after", `\nExamples:\n${examples.map((example) => `  $ xvc people ${verb} ${example}\n`).join("")}`)
      .action(
        context.act((who: string, options: SaidOptions) =>
          options.preview === true ? preview(context, who) : act(context, { who, verb }, options),
        ),
      );
    if (verb === "erase") made.option("--preview", "show what would be erased and what would go on naming the person, and change nothing");
  }
}

async function act(context: GroupContext, asked: { readonly who: string; readonly verb: string }, options: SaidOptions): Promise<number> {
  const client = await context.use.connect({ start: false, port: context.flags().port });
  const person = await findPerson(client, asked.who, { removedToo: true });
  const id = textAt(person, "id");
  const answer = await client.post(`/api/people/${segment(id)}/${asked.verb}`, {
    ...(options.reason === undefined ? {} : { reason: options.reason }),
    ...(options.confirm === undefined ? {} : { confirmation: options.confirm }),
  });
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${id} ${textAt(answer, "state")}\n` });
  if (textAt(answer, "message") !== "") note(context.use.streams, context.flags(), textAt(answer, "message"));
  if (textAt(answer, "state") === "asked")
    note(context.use.streams, context.flags(), "Nothing has changed yet: another administrator or director agrees with the same command.");
  return exitCodes.ok;
}

const standings: { readonly [standing: string]: string } = {
  member: "Not possible yet: remove the person first (xvc people remove).",
  "work-held": "Not possible yet: what the person held is still being given back.",
  held: "Not possible: a legal hold keeps the data (xvc people release).",
  ready: "Possible: an administrator asks for it.",
  asked: "Asked for: a second person agrees, or xvc people keep turns it down.",
  erased: "Done: the key was destroyed.",
};

async function preview(context: GroupContext, who: string): Promise<number> {
  const client = await context.use.connect({ start: false, port: context.flags().port });
  const person = await findPerson(client, who, { removedToo: true });
  const document = await client.get(`/api/people/${segment(textAt(person, "id"))}/erasure`);
  printAnswer(context.use.streams, context.flags(), { document, people: () => previewText(document) });
  return exitCodes.ok;
}

function previewText(document: JsonObject): string {
  const mentions = listAt(document, "mentions");
  const channels = Array.isArray(document["sharedChannels"]) ? document["sharedChannels"] : [];
  return [
    `${textAt(objectAt(document, "person"), "name")}, short id ${textAt(document, "shortId")}`,
    standings[textAt(document, "standing")] ?? "",
    "Erased at every instant: name, address, sign-in account, own channels, delivery logs, absences, sessions and keys.",
    mentions.length === 0 ? "No present text that you see names them." : "Texts that name them stay as they are:",
    ...mentions.map((row) => `  ${textAt(row, "kind")} ${textAt(row, "label")} ${textAt(row, "title")}`.trimEnd()),
    ...(document["mentionsGoOn"] === true ? ["  and more"] : []),
    ...channels.map((name) => `The organization's channel "${String(name)}" sends to their address: remove it.`),
    "",
  ].join("\n");
}
