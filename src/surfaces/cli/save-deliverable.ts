import { Failure } from "../../core/shared/failure.ts";
import type { CliDependencies, Client } from "./cli-dependencies.ts";
import { type GlobalFlags, listAt, note, textAt } from "./output.ts";
import { segment } from "./values.ts";

/** Names that stay inside the directory they are written to, on every system. */
const plainName = /^[^\\/\p{Cc}<>:"|?*]{1,200}$/u;

export const isPlainName = (name: string): boolean => plainName.test(name) && name !== "." && name !== ".." && !name.startsWith("~");

/**
 * Saves the files of a deliverable. All names are looked at before the first byte is written, so a hostile name leaves nothing behind.
 *
 * @throws {Failure} `deliverable.name-unsafe`, `file.exists`
 */
export async function saveDeliverable(
  use: CliDependencies,
  client: Client,
  wanted: { readonly request: string; readonly directory: string; readonly flags: GlobalFlags },
): Promise<readonly string[]> {
  const deliverable = await client.get(`/api/requests/${segment(wanted.request)}/deliverable`);
  const files = listAt(deliverable, "files");
  const unsafe = files.map((file) => textAt(file, "name")).find((name) => !isPlainName(name));
  if (unsafe !== undefined)
    throw new Failure("invalid", "deliverable.name-unsafe", {
      message: `The deliverable has a file whose name would leave the directory (${unsafe.slice(0, 80)}); nothing was saved.`,
    });
  await use.files.prepareDirectory(wanted.directory);
  const saved: string[] = [];
  for (const file of files) {
    const bytes = await client.download(`/api/content/${textAt(file, "sha256")}?request=${segment(wanted.request)}`);
    saved.push(await use.files.write(wanted.directory, textAt(file, "name"), { bytes, replace: wanted.flags.yes === true }));
  }
  for (const path of saved) note(use.streams, wanted.flags, `saved ${path}`);
  return saved;
}
