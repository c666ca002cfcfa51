import { mkdir, open, readFile } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../../core/shared/failure.ts";
import type { EvidenceExport } from "../../engine/ports/evidence.ts";

/** One file of lines for each organization, only ever appended to. Reading it costs its size: about 700 bytes a checkpoint. */
export function fileEvidence(directory: string): EvidenceExport {
  const fileOf = (organizationId: string): string => path.join(directory, `${organizationId}.jsonl`);
  return {
    async lastNumber(organizationId) {
      const text = await readFile(fileOf(organizationId), "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return "";
        throw unwritable(directory, error);
      });
      const last = wholeLines(text).trimEnd().split("\n").at(-1) ?? "";
      return Number(/"number":(\d+)/u.exec(last)?.[1] ?? 0);
    },
    async append(organizationId, lines) {
      try {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        const file = await open(fileOf(organizationId), "a+", 0o600);
        try {
          // A crash may have cut the last line off; it says nothing, and is written again whole.
          const text = await file.readFile("utf8");
          const kept = wholeLines(text);
          if (kept !== text) await file.truncate(Buffer.byteLength(kept));
          await file.appendFile(lines.map((line) => `${line}\n`).join(""));
          await file.sync();
        } finally {
          await file.close();
        }
      } catch (error) {
        throw unwritable(directory, error);
      }
    },
  };
}

const wholeLines = (text: string): string => text.slice(0, text.lastIndexOf("\n") + 1);

const unwritable = (directory: string, cause: unknown): Failure =>
  new Failure(
    "unavailable",
    "evidence.export-failed",
    {
      message: `Checkpoints cannot be kept in ${directory}. Make it writable for this program, or name another folder in XVC_EVIDENCE_DIR.`,
    },
    { cause },
  );
