import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { captureInput } from "../adapters/git/capture-input.ts";
import type { Artifact } from "../core/shared/content.ts";
import { Failure } from "../core/shared/failure.ts";
import type { RequestInput } from "../core/requests/request.ts";
import type { Intake } from "../surfaces/http/http-dependencies.ts";
import type { System } from "./open-system.ts";

/** Largest upload through HTTP, bytes; a path on this machine may be larger. */
const maxUploadBytes = 512 * 1024 * 1024;

/** Takes inputs over as content: repositories as a bundle of their commit, folders as a tar, files as they are. */
export function contentIntake(system: Pick<System, "installation" | "git" | "content" | "crash">): Intake {
  const scratch = async (): Promise<string> => {
    const parent = path.join(system.installation.cacheDirectory, "intake");
    await mkdir(parent, { recursive: true, mode: 0o700 });
    return mkdtemp(path.join(parent, "i-"));
  };
  const adopt = async (file: string, name: string, mediaType: string): Promise<Artifact> => {
    system.crash("content.before-write");
    const { sha256, bytes } = await system.content.adopt(file);
    system.crash("content.after-write");
    return { name, sha256, mediaType, bytes };
  };
  return {
    async takePath(given, { includeWorktree, name }): Promise<RequestInput> {
      const directory = await scratch();
      try {
        const captured = await captureInput(system.git, given, { includeWorktree, destinationDirectory: directory });
        const artifacts: Artifact[] = [];
        for (const file of captured.files) artifacts.push(await adopt(file.path, path.basename(file.path), mediaTypeOf(file.path)));
        const facts =
          captured.kind === "git-repository"
            ? {
                commit: captured.commit,
                branch: captured.branch,
                commits: captured.commits,
                shallow: captured.shallow,
                dirtyFiles: captured.dirtyFiles,
                warnings: [...captured.warnings],
              }
            : { empty: captured.kind === "empty-repository", warnings: [...captured.warnings] };
        // A repository without a commit has nothing but its name: the request goes on with an empty folder.
        const kind = captured.kind === "empty-repository" ? "folder" : captured.kind;
        return { name: name ?? (kind === "file" ? captured.name : "repository"), kind, origin: given, artifacts, facts };
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
    async takeStream(bytes, { name, mediaType }): Promise<RequestInput> {
      const directory = await scratch();
      try {
        const file = path.join(directory, "upload");
        await pipeline(Readable.from(bytes), capped(maxUploadBytes), createWriteStream(file, { mode: 0o600 }));
        const artifact = await adopt(file, path.basename(name), mediaType);
        return { name, kind: "file", origin: name, artifacts: [artifact], facts: {} };
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
}

function capped(maxBytes: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.byteLength;
      if (seen > maxBytes)
        done(
          new Failure("invalid", "input.too-large", {
            message: `An upload has at most ${maxBytes} bytes; name a path on the server's machine instead.`,
          }),
        );
      else done(null, chunk);
    },
  });
}

const mediaTypeOf = (file: string): string =>
  file.endsWith(".bundle")
    ? "application/x-git-bundle"
    : file.endsWith(".tar")
      ? "application/x-tar"
      : file.endsWith(".patch")
        ? "text/x-diff"
        : "application/octet-stream";
