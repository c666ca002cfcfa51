import { invariant } from "../../core/shared/failure.ts";
import type { TrackedFile } from "./list-files.ts";

/** Where one blob goes; null lets it pass by. */
export interface BlobSink {
  readonly writeFile: (bytes: Uint8Array) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface BatchReader {
  readonly take: (chunk: Uint8Array) => Promise<boolean>;
  /** Closes what is open; all blobs must have come. */
  readonly finish: () => Promise<void>;
}

const maxHeaderBytes = 256;

/** Understands `git cat-file --batch`: `SHA SP blob SP SIZE LF content LF` per file, in the order asked. Holds one chunk at a time. */
export function batchReader(files: readonly TrackedFile[], openSink: (file: TrackedFile) => Promise<BlobSink | null>): BatchReader {
  let header = Buffer.alloc(0);
  let next = 0;
  let sink: BlobSink | null = null;
  /** Content bytes to come; -1 while a header is read. The line end after the content counts as one more. */
  let left = -1;
  const begin = async (line: string): Promise<void> => {
    const file = files[next];
    const size = /^[0-9a-f]+ blob (\d+)$/.exec(line)?.[1];
    // Asked for by the names git listed in the same, whole repository.
    invariant(file !== undefined && size !== undefined, `git cat-file answered ${line.slice(0, 100)}`);
    next += 1;
    sink = await openSink(file);
    left = Number(size) + 1;
  };
  const end = async (): Promise<void> => {
    await sink?.close();
    sink = null;
    left = -1;
  };
  const takeHeader = async (bytes: Buffer): Promise<Buffer> => {
    const lineEnd = bytes.indexOf(0x0a);
    if (lineEnd === -1) {
      header = Buffer.concat([header, bytes]);
      invariant(header.length <= maxHeaderBytes, "git cat-file wrote a header without an end");
      return Buffer.alloc(0);
    }
    await begin(Buffer.concat([header, bytes.subarray(0, lineEnd)]).toString("latin1"));
    header = Buffer.alloc(0);
    return bytes.subarray(lineEnd + 1);
  };
  const takeContent = async (bytes: Buffer): Promise<Buffer> => {
    const content = bytes.subarray(0, Math.min(left - 1, bytes.length));
    if (content.length > 0) await sink?.writeFile(content);
    left -= content.length;
    if (left > 1 || content.length === bytes.length) return Buffer.alloc(0);
    await end();
    return bytes.subarray(content.length + 1);
  };
  return {
    take: async (chunk) => {
      let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      while (bytes.length > 0) bytes = left === -1 ? await takeHeader(bytes) : await takeContent(bytes);
      return true;
    },
    finish: async () => {
      await sink?.close();
      invariant(next === files.length && left === -1, `git cat-file ended after ${next} of ${files.length} files`);
    },
  };
}
