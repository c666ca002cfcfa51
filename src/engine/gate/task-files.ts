import { type Artifact, mediaTypeOf } from "../../core/shared/content.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { ContentStore } from "../ports/content.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import type { AttemptContext } from "../ports/executor.ts";

interface KnownFile {
  readonly place: string;
  readonly file: Artifact;
}

/** Files that an attempt was given, by where they come from: its request, and the tasks it builds on. */
export const filesOf = ({ inputs, upstream }: AttemptContext): readonly KnownFile[] => [
  ...inputs.flatMap(({ name, artifacts }) => artifacts.map((file) => ({ place: `input/${name}/${file.name}`, file }))),
  ...upstream.flatMap(({ taskKey, outputs }) => outputs.map((file) => ({ place: `task/${taskKey}/${file.name}`, file }))),
];

/** @throws {Failure} `tool.no-such-file` */
export function fileNamed(context: AttemptContext, place: unknown): Artifact {
  const found = filesOf(context).find((known) => known.place === place);
  if (found === undefined)
    throw new Failure("not-found", "tool.no-such-file", { message: "This task was given no file of this name; files.list names them." });
  return found.file;
}

/** A file's name among the outputs that the task asks for. @throws {Failure} `tool.no-such-output` */
export function outputNamed({ task }: AttemptContext, name: unknown): string {
  const found = task.spec.outputs.find((output) => output === name);
  if (found !== undefined) return found;
  throw new Failure("invalid", "tool.no-such-output", {
    message: `The task asks for ${task.spec.outputs.join(", ") || "no output"}; nothing else is written.`,
  });
}

/** The outputs of the task that a result of `keepOutput` names as `written`. */
export function writtenIn({ task }: AttemptContext, { written }: JsonObject): readonly Artifact[] {
  if (typeof written !== "object" || written === null || Array.isArray(written)) return [];
  const { name, sha256, mediaType, bytes } = written as JsonObject; // no list, as just seen
  const isWhole = typeof name === "string" && typeof sha256 === "string" && typeof mediaType === "string" && typeof bytes === "number";
  return isWhole && task.spec.outputs.includes(name) ? [{ name, sha256: asId<"sha256">(sha256), mediaType, bytes }] : [];
}

/** Keeps an output's content; what tools answer about it, as `written` where the attempt is to hand it in. */
export async function keepOutput(
  { content, crash }: { readonly content: ContentStore; readonly crash: CrashProbe },
  name: string,
  bytes: Uint8Array,
): Promise<JsonObject> {
  crash("content.before-write");
  const sha256 = await content.write(bytes);
  crash("content.after-write");
  return { name, sha256, mediaType: mediaTypeOf(name), bytes: bytes.byteLength };
}
