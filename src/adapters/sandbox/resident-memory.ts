import { readFileSync, readdirSync } from "node:fs";

const pageBytes = 4096;

/**
 * Resident memory of a process and all its descendants, as the host sees them. Pages shared by several processes count
 * once for each, so the sum errs towards stopping early. A limit per process alone would let a group take many times it.
 * Reads at most `maxProcesses` + 8 processes; on systems without `/proc` the answer is 0 and only the limit per process holds.
 */
export function residentBytesOfGroup(leader: number, maxProcesses: number): number {
  const waiting = [leader];
  let bytes = 0;
  for (let seen = 0; seen < maxProcesses + 8; seen += 1) {
    const processId = waiting.pop();
    if (processId === undefined) break;
    bytes += Number(read(`/proc/${processId}/statm`).split(" ")[1] ?? 0) * pageBytes;
    for (const thread of threadsOf(processId)) {
      for (const child of read(`/proc/${processId}/task/${thread}/children`).split(" ")) if (child !== "") waiting.push(Number(child));
    }
  }
  return bytes;
}

/** Empty for a process that ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, "latin1").trim();
  } catch {
    return "";
  }
}

function threadsOf(processId: number): readonly string[] {
  try {
    return readdirSync(`/proc/${processId}/task`);
  } catch {
    return [];
  }
}
