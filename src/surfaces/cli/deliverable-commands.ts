import type { Command } from "commander";
import { exitCodes } from "./exit-codes.ts";
import { listAt, printAnswer, table, textAt } from "./output.ts";
import type { GroupContext } from "./group-context.ts";
import { saveDeliverable } from "./save-deliverable.ts";
import { reference, segment } from "./values.ts";

export function registerDeliverable(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list the files a request returned")
    .argument("<request>", "label or id, such as ENG-42", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc deliverable list ENG-42\n  $ xvc deliverable list ENG-42 --json\n")
    .action(
      context.act(async (request: string) => {
        const { use } = context;
        const client = await use.connect({ start: false, port: context.flags().port });
        const deliverable = await client.get(`/api/requests/${segment(request)}/deliverable`);
        const files = listAt(deliverable, "files");
        printAnswer(use.streams, context.flags(), {
          document: deliverable,
          rows: files,
          people: () =>
            table(
              use.streams,
              ["FILE", "TYPE", "BYTES", "SHA-256"],
              files.map((file) => [textAt(file, "name"), textAt(file, "mediaType"), textAt(file, "bytes"), textAt(file, "sha256")]),
            ),
        });
        return exitCodes.ok;
      }),
    );
  group
    .command("save")
    .description("save the files a request returned")
    .argument("<request>", "label or id, such as ENG-42", reference)
    .requiredOption("--out <dir>", "directory to save into")
    .addHelpText("after", "\nExamples:\n  $ xvc deliverable save ENG-42 --out report\n  $ xvc deliverable save ENG-42 --out report --yes\n")
    .action(
      context.act(async (request: string, options: { readonly out: string }) => {
        const { use } = context;
        const client = await use.connect({ start: false, port: context.flags().port });
        const saved = await saveDeliverable(use, client, { request, directory: options.out, flags: context.flags() });
        printAnswer(use.streams, context.flags(), {
          document: { schema: "xvc.saved/1", request, files: [...saved] },
          people: () => saved.map((path) => `${path}\n`).join(""),
        });
        return exitCodes.ok;
      }),
    );
}
