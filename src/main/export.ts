import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { exportLines } from "../adapters/postgres/export-organization.ts";
import { keyLines } from "../adapters/postgres/person-keys.ts";
import { importLines } from "../adapters/postgres/import-organization.ts";
import { copyHashed, hashOfFile, syncFiles } from "../adapters/system/hashed-files.ts";
import { Failure } from "../core/shared/failure.ts";

/*
 * An organization as one folder: `record.jsonl` with every row of the record, `content/` with the bytes that it names, and `keys.jsonl`
 * with the sealed keys of people, without which nobody reads what is personal in the record. The last line of a file has the number of
 * lines and the hash of all before it, so that what was cut off or changed is noticed.
 */

const recordFile = "record.jsonl";
const keysFile = "keys.jsonl";
const hashes = /[0-9a-f]{64}/gu;

export interface ExportReport {
  readonly folder: string;
  readonly lines: number;
  readonly bytes: number;
  readonly contents: number;
  readonly sha256: string;
}

export interface ExportOptions {
  readonly ownerUrl: string;
  readonly organizationId: string;
  readonly contentDirectory: string;
  /** A folder that is not there yet. */
  readonly to: string;
}

const contentName = (sha256: string): string => path.join(sha256.slice(0, 2), sha256);

/** @throws {Failure} `export.folder-used` */
export async function exportOrganization({ ownerUrl, organizationId, contentDirectory, to }: ExportOptions): Promise<ExportReport> {
  const folder = path.resolve(to);
  const part = `${folder}.part`;
  if ((await readdir(folder).catch(() => null)) !== null || (await hashOfFile(folder)) !== null)
    throw new Failure("conflict", "export.folder-used", { message: `${folder} is there already. Name a folder that is not.` });
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true, mode: 0o700 });
  try {
    const record = await writeRecord(path.join(part, recordFile), (write) => exportLines(ownerUrl, organizationId, write));
    await writeRecord(path.join(part, keysFile), async (write) => {
      await write(JSON.stringify({ schema: "xvc.export-keys/1", organization: organizationId }));
      await keyLines(ownerUrl, organizationId, write);
    });
    let contents = 0;
    const copies: string[] = [];
    for (const sha256 of [...record.named].toSorted()) {
      const target = path.join(part, "content", contentName(sha256));
      if ((await copyHashed(path.join(contentDirectory, contentName(sha256)), target, 0o400)) === null) continue; // a hash of something else
      copies.push(target);
      contents += 1;
    }
    await syncFiles([path.join(part, recordFile), path.join(part, keysFile), ...copies]);
    await rename(part, folder);
    return { folder, lines: record.lines, bytes: record.bytes, contents, sha256: record.sha256 };
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}

interface WrittenRecord {
  readonly lines: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly named: ReadonlySet<string>;
}

async function writeRecord(file: string, produce: (write: (line: string) => Promise<void>) => Promise<void>): Promise<WrittenRecord> {
  const handle = await open(file, "wx", 0o600);
  const hash = createHash("sha256");
  const named = new Set<string>();
  let [lines, bytes] = [0, 0];
  const write = async (line: string): Promise<void> => {
    const text = `${line}\n`;
    hash.update(text);
    lines += 1;
    bytes += Buffer.byteLength(text);
    for (const [sha256] of line.matchAll(hashes)) named.add(sha256);
    await handle.writeFile(text);
  };
  try {
    await produce(write);
    const sha256 = hash.digest("hex");
    await handle.writeFile(`${JSON.stringify({ end: true, lines, sha256 })}\n`);
    return { lines, bytes, sha256, named };
  } finally {
    await handle.close();
  }
}

export interface ImportReport {
  readonly organizationId: string;
  readonly lines: number;
  readonly contents: number;
}

/** @throws {Failure} `import.*` */
export async function importOrganization({
  ownerUrl,
  contentDirectory,
  from,
  organizationId,
}: Omit<ExportOptions, "to"> & { readonly from: string }): Promise<ImportReport> {
  const file = path.join(path.resolve(from), recordFile);
  const { first, lines, named } = await checkRecord(file);
  const head = headOf(first, file);
  if (head.organization !== organizationId)
    throw new Failure("invalid", "import.other-organization", {
      message: `The export is of organization ${head.organization}, and this program serves ${organizationId}. Nothing was imported.`,
    });
  const keys = path.join(path.resolve(from), keysFile);
  const keyCount = (await hashOfFile(keys)) === null ? 0 : await checkKeys(keys, organizationId);
  // Content first: a row that is there never names what is not.
  const contents = await takeContents({ from: path.join(path.resolve(from), "content"), contentDirectory, named });
  await importLines(ownerUrl, head, { lines: rowsOf(file, lines), keys: rowsOf(keys, keyCount) });
  return { organizationId: head.organization, lines, contents };
}

/** A row of the record is far shorter; what is longer is no export. */
const maxLineChars = 300_000_000;

/** Lines as they were written: only a line feed ends one, where `readline` would also end it inside of a text. */
async function* linesOf(file: string): AsyncIterable<string> {
  let rest = "";
  for await (const piece of createReadStream(file, "utf8") as AsyncIterable<string>) {
    const lines = `${rest}${piece}`.split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > maxLineChars) throw unusable(file, "has a line that is too long");
    yield* lines;
  }
  if (rest !== "") yield rest;
}

async function* rowsOf(file: string, lines: number): AsyncIterable<string> {
  if (lines === 0) return;
  let number = 0;
  for await (const line of linesOf(file)) {
    number += 1;
    if (number > 1 && number <= lines) yield line;
  }
}

interface CheckedRecord {
  readonly first: string;
  readonly lines: number;
  readonly named: ReadonlySet<string>;
}

const unusable = (file: string, why: string): Failure =>
  new Failure("invalid", "import.not-an-export", {
    message: `${file} ${why}. Name a folder that xvc export finished; nothing was imported.`,
  });

/** Reads the whole file once before anything is written. */
async function checkRecord(file: string): Promise<CheckedRecord> {
  if ((await hashOfFile(file)) === null) throw unusable(file, "is not there");
  const hash = createHash("sha256");
  const named = new Set<string>();
  let [first, last, lines] = ["", "", 0];
  for await (const line of linesOf(file)) {
    if (lines === 0) first = line;
    else hash.update(`${last}\n`);
    for (const [sha256] of line.matchAll(hashes)) named.add(sha256);
    last = line;
    lines += 1;
  }
  const end = parsed(last) as { readonly end?: unknown; readonly lines?: unknown; readonly sha256?: unknown };
  if (end.end !== true || end.lines !== lines - 1) throw unusable(file, "was cut off, or is no export");
  if (end.sha256 !== hash.digest("hex")) throw unusable(file, "was changed since it was written");
  return { first, lines: lines - 1, named };
}

async function checkKeys(file: string, organizationId: string): Promise<number> {
  const { first, lines } = await checkRecord(file);
  const { schema, organization } = parsed(first) as { readonly schema?: unknown; readonly organization?: unknown };
  if (schema !== "xvc.export-keys/1" || organization !== organizationId) throw unusable(file, "has the keys of another export");
  return lines;
}

interface ExportHead {
  readonly organization: string;
  readonly migration: number;
}

function headOf(line: string, file: string): ExportHead {
  const head = parsed(line) as { readonly schema?: unknown; readonly organization?: unknown; readonly migration?: unknown };
  const { schema, organization, migration } = head;
  if (schema !== "xvc.export/1" || typeof organization !== "string" || typeof migration !== "number")
    throw unusable(file, "is of a form that this version does not read");
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(organization)) throw unusable(file, "names no organization");
  return { organization, migration };
}

function parsed(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

interface Contents {
  readonly from: string;
  readonly contentDirectory: string;
  readonly named: ReadonlySet<string>;
}

async function takeContents({ from, contentDirectory, named }: Contents): Promise<number> {
  const taken: string[] = [];
  for (const sha256 of named) {
    const target = path.join(contentDirectory, contentName(sha256));
    if ((await hashOfFile(target)) !== null) continue;
    const copied = await copyHashed(path.join(from, contentName(sha256)), target, 0o400);
    if (copied === null) continue; // a hash of something else
    if (copied.sha256 !== sha256) {
      await rm(target);
      throw new Failure("invalid", "import.content-changed", {
        message: `Content ${sha256} of the export is not what its name says. Nothing was imported; use another copy of the export.`,
      });
    }
    taken.push(target);
  }
  await syncFiles(taken);
  return taken.length;
}
