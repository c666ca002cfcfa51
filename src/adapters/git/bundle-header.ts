import { open } from "node:fs/promises";
import { inputFailure } from "./input-failure.ts";
import type { ObjectFormat } from "./private-git-directory.ts";

export interface BundleHeader {
  readonly objectFormat: ObjectFormat;
  /** The commit it was made of. */
  readonly commit: string;
}

/** Ours name one commit, so this is more than enough. */
const headerBytes = 65_536;

/** What a bundle says of itself. Source: git's `gitformat-bundle`. @throws {Failure} `input.bundle-invalid` */
export async function readBundleHeader(bundle: string): Promise<BundleHeader> {
  const handle = await open(bundle, "r");
  try {
    const buffer = Buffer.alloc(headerBytes);
    const { bytesRead } = await handle.read(buffer, 0, headerBytes, 0);
    return parse(buffer.subarray(0, bytesRead), bundle);
  } finally {
    await handle.close();
  }
}

function parse(bytes: Buffer, bundle: string): BundleHeader {
  const end = bytes.indexOf("\n\n");
  const [signature, ...lines] = bytes.subarray(0, Math.max(end, 0)).toString("latin1").split("\n");
  if (signature !== "# v2 git bundle" && signature !== "# v3 git bundle") throw invalid(bundle, "it is not a git bundle");
  if (lines.some((line) => line.startsWith("-"))) throw invalid(bundle, "it needs commits that it does not hold");
  const commit = lines.map((line) => /^([0-9a-f]{40}|[0-9a-f]{64}) HEAD$/.exec(line)?.[1]).find((found) => found !== undefined);
  if (commit === undefined) throw invalid(bundle, "it names no HEAD");
  return { objectFormat: commit.length === 64 ? "sha256" : "sha1", commit };
}

const invalid = (bundle: string, why: string) =>
  inputFailure(
    "invalid",
    "input.bundle-invalid",
    `The bundle ${bundle} cannot be read: ${why}. Make it anew with 'git bundle create FILE HEAD'.`,
  );
