import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createSeededRng } from "../../src/adapters/in-process/seeded-rng.ts";
import type { ReceiverEntry } from "../../verify/world.ts";
import { fileReceivers, readLines } from "../crash/file-receivers.ts";
import { createReceivers } from "../simulation/receivers.ts";
import { toolConformance } from "./tool.ts";

const directory = mkdtempSync(join(tmpdir(), "xvc-tools-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const path = join(directory, "receivers.jsonl");
const simulated = createReceivers(
  createSeededRng({ seed: 1 }),
  () => ({ lostCall: 0, lostAnswer: 0, refusal: 0 }),
  () => Promise.resolve(),
);

const count = (log: readonly ReceiverEntry[], tool: string, effectKey: string): number =>
  log.filter((entry) => entry.tool === tool && entry.effectKey === effectKey && entry.outcome === "applied").length;

// The receivers of the crash and simulation tests are held to the same promises as the tools of the product.
for (const tool of fileReceivers(path))
  toolConformance(`the file receiver ${tool.name}`, () => ({ tool, applied: (key) => count(readLines(path), tool.name, key) }));
for (const tool of simulated.tools)
  toolConformance(`the simulated receiver ${tool.name}`, () => ({ tool, applied: (key) => count(simulated.log, tool.name, key) }));
