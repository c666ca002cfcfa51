import type { FileFact } from "../../core/shared/repository-facts.ts";
import type { ReadableFile } from "./readable-file.ts";
import { isGenerated, isVendored, roleOf, syntaxOf } from "./languages.ts";
import { readLines } from "./line-reader.ts";

/** One file of the inventory. */
export function readFileFacts(file: ReadableFile): FileFact {
  const { counts } = readLines(file.text, syntaxOf(file.language));
  return {
    path: file.path,
    content: file.content,
    language: file.content === "text" ? file.language : null,
    role: file.content === "text" ? roleOf(file.path, file.language) : "other",
    bytes: file.bytes,
    lines: counts,
    generated: file.content === "text" && isGenerated(file.path, file.language, file.text),
    vendored: isVendored(file.path),
  };
}
