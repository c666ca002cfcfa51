import { createHash } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { openCliWorld } from "../../../test/support/cli-world.ts";
import { memoryEvidence, memoryExport } from "../../adapters/in-process/memory-evidence.ts";
import { evidenceSigner } from "../../adapters/system/evidence-signer.ts";
import { asId } from "../../core/shared/ids.ts";
import { sealEvidence } from "../../engine/memory/seal-evidence.ts";

const organizationId = asId<"organization">("0190f3a2-0000-7000-8000-000000000001");

let logs: { readonly events: string[]; readonly versions: string[] };
let exported: ReturnType<typeof memoryExport>;
let evidence: Parameters<typeof sealEvidence>[0];

beforeEach(async () => {
  logs = { events: [], versions: [] };
  exported = memoryExport();
  evidence = {
    store: memoryEvidence(logs),
    signer: evidenceSigner(new Uint8Array(32).fill(1)),
    exported,
    digest: (all) => asId<"sha256">(createHash("sha256").update(all).digest("hex")),
    clock: { nowMs: () => 5 },
  };
  for (let number = 1; number <= 25; number++) {
    logs.events.push(`event ${String(number)}`);
    logs.versions.push(`version ${String(number)}`);
    await sealEvidence(evidence, organizationId);
  }
});

const openWorld = (files: Readonly<Record<string, string>> = {}) => openCliWorld({ files, evidence });
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

test("what was sealed is read again part by part, and compared with what was exported", async () => {
  const { run } = await openWorld({ "/there.jsonl": text(exported.lines) });
  logs.events.push("one more");
  const alone = await run("memory", "verify");
  expect(alone.exit).toBe(0);
  expect(alone.out).toContain("Nothing is wrong in 25 checkpoints over 25 events and 25 versions.\nNot sealed yet: 1 events, 0 versions.");
  expect(alone.err).toContain("20 checkpoints checked");
  const compared = await run("memory", "verify", "--against", "/there.jsonl", "--json");
  expect(JSON.parse(compared.out)).toMatchObject({ schema: "xvc.memory-verify/1", ok: true, compared: 25, problems: [] });
});

test("a changed row, a lost checkpoint and another key are told, with exit code 1", async () => {
  const other = evidenceSigner(new Uint8Array(32).fill(2));
  const [first = "", ...rest] = exported.lines;
  const changed = first.replace('\\"sealedAtMs\\":5', '\\"sealedAtMs\\":6');
  const foreign = (rest[0] ?? "").replace(evidence.signer.publicKey, other.publicKey);
  const late = (rest.at(-1) ?? "").replaceAll("25", "26");
  const { run } = await openWorld({ "/there.jsonl": text([changed, foreign, late]) });
  logs.events[6] = "event 7, changed";
  const told = await run("memory", "verify", "--against", "/there.jsonl");
  expect(told.exit).toBe(1);
  expect(told.out).toContain("checkpoint 7: What checkpoint 7 sealed (1 events, 1 versions) was changed, added or left out since.");
  expect(told.out).toContain("checkpoint 1: What was exported says something else than what is here.");
  expect(told.out).toContain("checkpoint 2: It was exported under another key than this installation's.");
  expect(told.out).toContain("checkpoint 26: It was exported, and is not here.");
});

test("a file that is no export is refused before anything is checked", async () => {
  const { run } = await openWorld({ "/empty": "", "/notes": "hello\n", "/half": `${exported.lines[0] ?? ""}\n{"number":2}\n` });
  expect((await run("memory", "verify", "--against", "/empty")).err).toContain("is empty");
  expect((await run("memory", "verify", "--against", "/notes")).err).toContain("Line 1 of /notes is no checkpoint");
  expect((await run("memory", "verify", "--against", "/half")).err).toContain("Line 2 of /half");
  expect((await run("memory", "verify", "--against", "/nowhere")).exit).toBe(3);
});
