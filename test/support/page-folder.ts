/** Vitest's set-up of the browser tests: one folder for the built page, which the first file that needs the page fills. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";

let folder = "";

export async function setup(project: TestProject): Promise<void> {
  folder = await mkdtemp(path.join(os.tmpdir(), "xvc-page-"));
  project.provide("pageFolder", folder);
}

export async function teardown(): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

declare module "vitest" {
  interface ProvidedContext {
    readonly pageFolder: string;
  }
}
