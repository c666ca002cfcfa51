import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../core/shared/failure.ts";
import { type BackupFile, type BackupManifest, backupManifest } from "../contract/backup-contract.ts";
import { copyHashed, hashOfFile, syncFiles, syncOne } from "../adapters/system/hashed-files.ts";

const manifestName = "manifest.json";

/** A backup while it is written: nothing under its final name before all of it is there and was read again. */
export interface BackupDraft {
  readonly folder: string;
  readonly files: BackupFile[];
  /** Copies a file; one that is gone is left out. @returns its hash */
  copy(source: string, name: string): Promise<string | null>;
  write(name: string, text: string): Promise<void>;
  /** Writes the manifest, reads everything again and gives the folder its name. @throws {Failure} `backup.not-as-written` */
  finish(manifest: Omit<BackupManifest, "files" | "bytes">): Promise<FinishedBackup>;
  discard(): Promise<void>;
}

export interface FinishedBackup {
  readonly folder: string;
  readonly manifest: BackupManifest;
  /** SHA-256 of the manifest, which has the hash of everything else. */
  readonly sha256: string;
}

/** @throws {Failure} `backup.folder-unusable` */
export async function draftBackup(
  parent: string,
  { name, durable }: { readonly name: string; readonly durable: boolean },
): Promise<BackupDraft> {
  const folder = path.join(parent, name);
  const part = `${folder}.part`;
  try {
    await mkdir(parent, { recursive: true, mode: 0o700 });
    await mkdir(part, { mode: 0o700 });
  } catch (cause) {
    throw new Failure(
      "invalid",
      "backup.folder-unusable",
      { message: `${part} cannot be made (${(cause as NodeJS.ErrnoException).code ?? "unknown"}). Name another folder with --to.` },
      { cause },
    );
  }
  const files: BackupFile[] = [];
  return {
    folder,
    files,
    async copy(source, file) {
      const copied = await copyHashed(source, path.join(part, file));
      if (copied === null) return null;
      files.push({ name: file, ...copied });
      return copied.sha256;
    },
    async write(file, text) {
      const target = path.join(part, file);
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      await writeFile(target, text, { mode: 0o600, flag: "wx" });
      const written = await hashOfFile(target);
      if (written !== null) files.push({ name: file, ...written });
    },
    async finish(manifest) {
      const ordered = files.toSorted((left, right) => (left.name < right.name ? -1 : 1));
      const bytes = ordered.reduce((sum, file) => sum + file.bytes, 0);
      const whole = backupManifest.parse({ ...manifest, bytes, files: ordered });
      await writeFile(path.join(part, manifestName), manifestText(whole), { mode: 0o600, flag: "wx" });
      if (durable) await syncFiles([...whole.files.map((file) => path.join(part, file.name)), path.join(part, manifestName)]);
      await checkFiles(part, whole);
      await rename(part, folder);
      if (durable) await syncOne(parent);
      const written = await hashOfFile(path.join(folder, manifestName));
      return { folder, manifest: whole, sha256: written?.sha256 ?? "" };
    },
    discard: () => rm(part, { recursive: true, force: true }),
  };
}

/** One line for each file, so that two manifests can be compared by lines. */
const manifestText = ({ files, ...head }: BackupManifest): string =>
  `${JSON.stringify(head).slice(0, -1)},"files":[\n${files.map((file) => JSON.stringify(file)).join(",\n")}\n]}\n`;

async function checkFiles(folder: string, { files }: BackupManifest): Promise<void> {
  for (const file of files) {
    const found = await hashOfFile(path.join(folder, file.name));
    if (found?.sha256 !== file.sha256 || found.bytes !== file.bytes)
      throw new Failure("bug", "backup.not-as-written", {
        message: `${file.name} reads differently from what was written. Check the disk below ${folder}, then back up to another one.`,
      });
  }
}

/** The manifest of a finished backup. @throws {Failure} `backup.not-whole`, `backup.manifest-unreadable` */
export async function readManifest(folder: string): Promise<BackupManifest> {
  const text = await readFile(path.join(folder, manifestName), "utf8").catch((cause: unknown) => {
    throw new Failure(
      "invalid",
      "backup.not-whole",
      {
        message: `${folder} has no ${manifestName}: it is no backup, or one that was cut off while it was made. Name a folder that xvc backup finished.`,
      },
      { cause },
    );
  });
  try {
    return backupManifest.parse(JSON.parse(text));
  } catch (cause) {
    throw new Failure(
      "invalid",
      "backup.manifest-unreadable",
      { message: `${path.join(folder, manifestName)} is no manifest that this version reads. It was changed, or a newer version made it.` },
      { cause },
    );
  }
}

/** Copies a file out of a backup, if it is what the manifest says. @throws {Failure} `backup.tampered` */
export async function takeFile(folder: string, file: BackupFile, target: string): Promise<void> {
  const copied = await copyHashed(path.join(folder, file.name), target, file.name.startsWith("content/") ? 0o400 : 0o600).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ELOOP") return null; // a link where a file was
      throw error;
    },
  );
  if (copied?.sha256 === file.sha256 && copied.bytes === file.bytes) return;
  throw new Failure("invalid", "backup.tampered", {
    message: `${file.name} ${copied === null ? "is missing" : "is not what it was when the backup was made"}. Nothing was restored; use another backup.`,
  });
}
