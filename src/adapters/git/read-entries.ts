/** Longer entries come only from a repository made to exhaust us. */
const maxEntryBytes = 4_194_304;

/** A reader of stdout that hands on every NUL-ended entry as it comes, until `seen` answers false. */
export function readEntries(seen: (entry: Buffer) => boolean): (chunk: Uint8Array) => boolean {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    const bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, start)) {
      if (!seen(bytes.subarray(start, end))) return false;
      start = end + 1;
    }
    rest = bytes.subarray(start);
    return rest.length <= maxEntryBytes;
  };
}
