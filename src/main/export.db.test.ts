import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../test/support/test-database.ts";
import { openTestStore } from "../../test/support/test-store.ts";
import { cedarAuthorizer } from "../adapters/cedar/cedar-authorizer.ts";
import { createSeededRng } from "../adapters/in-process/seeded-rng.ts";
import { createVirtualClock } from "../adapters/in-process/virtual-clock.ts";
import { withClient } from "../adapters/postgres/database-url.ts";
import { postgresEvidence } from "../adapters/postgres/evidence-store.ts";
import { createPool } from "../adapters/postgres/pool.ts";
import { evidenceSigner } from "../adapters/system/evidence-signer.ts";
import { createFileContent } from "../adapters/system/file-content.ts";
import { createSystemIds } from "../adapters/system/system-ids.ts";
import { asId } from "../core/shared/ids.ts";
import { openEngine } from "../engine/engine.ts";
import { sealEvidence } from "../engine/memory/seal-evidence.ts";
import type { Command } from "../engine/shared/commands.ts";
import { verifyEvidence } from "../../verify/evidence.ts";
import { exportOrganization, importOrganization } from "./export.ts";

/* A record that goes out and comes back is the same bytes. */

const ids = createSystemIds();
const clock = createVirtualClock(1_800_000_000_000);
const [organizationId, projectId, founder] = [asId<"organization">(ids.next()), asId<"project">(ids.next()), ids.next()];
const digest = (text: string) => asId<"sha256">(createHash("sha256").update(text).digest("hex"));
const signer = evidenceSigner(Buffer.alloc(32, 7));

let folder = "";
let [first, second]: (TestDatabase | undefined)[] = [];
const at = (name: string): string => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "xvc-export-"));
  first = await openTestDatabase();
  second = await openTestDatabase();
  await fill(first);
});

afterAll(async () => {
  await first?.drop();
  await second?.drop();
  await rm(folder, { recursive: true, force: true });
});

/** A drawn organization: requests with content, some cancelled, entities and tags, and checkpoints over a part of it. */
async function fill(database: TestDatabase): Promise<void> {
  const opened = await openTestStore(database.urls.app, { enqueue: () => Promise.resolve() });
  const capabilities = { executors: ["rules"], ruleTasks: [], sandbox: { ok: false, reason: "none" } } as const;
  const rng = createSeededRng({ seed: 20_261_123 });
  const engine = openEngine({ store: opened.store, clock, ids, rng, digest, crash: () => {}, capabilities, authorizer: cedarAuthorizer() });
  const tell = (command: Command, project: boolean) =>
    engine.apply(
      { organizationId, projectId: project ? projectId : null, actor: { kind: "person", id: founder }, key: ids.next() },
      command,
    );
  const content = createFileContent({ directory: at("content-1") });
  const pool = createPool({ url: database.urls.app, applicationName: "xvc test", onLost: () => {} });
  const seal = () =>
    sealEvidence(
      { store: postgresEvidence(pool), signer, digest, clock, exported: { lastNumber: async () => 0, append: async () => {} } },
      organizationId,
    );
  await engine.apply(
    { organizationId, projectId: null, actor: { kind: "system", id: "test" }, key: "found" },
    {
      kind: "found-organization",
      id: organizationId,
      name: 'Müller & \u{1F600} "X"',
      currency: "EUR",
      person: { id: founder, name: "F", email: null },
    },
  );
  await tell({ kind: "create-project", id: projectId, key: "T", name: "T", mode: "real", clockAtMs: null }, false);
  for (let number = 0; number < 30; number += 1) {
    const id = ids.next();
    const sha256 = await content.write(new TextEncoder().encode(`content ${number}`));
    const text = `Zeile\n\\"${sha256}" \u2028${String.fromCodePoint(0x20 + Math.floor(rng.next() * 0x2000))}`;
    const draft = {
      title: `R ${number}`,
      text,
      urgency: "normal",
      budgetMicro: null,
      deadlineAtMs: null,
      playbook: null,
      inputs: [],
    } as const;
    await tell({ kind: "submit-request", id, draft: { ...draft, approveBeforehand: false, script: null } }, true);
    clock.advance(Math.floor(rng.next() * 5_000));
    if (rng.next() < 0.4) await tell({ kind: "cancel-request", requestId: id, reason: "No." }, true);
    if (number === 10 || number === 20) await seal();
  }
  await seal();
  await pool.end();
  await opened.close();
}

const options = (database: TestDatabase | undefined, content: string) => ({
  ownerUrl: database?.urls.owner ?? "",
  organizationId,
  contentDirectory: at(content),
});

const recordOf = (name: string): Promise<string> => readFile(path.join(at(name), "record.jsonl"), "utf8");

test("export, import, export: the same bytes, content included, and every checkpoint still verifies", async () => {
  const out = await exportOrganization({ ...options(first, "content-1"), to: at("out") });
  expect(out.contents).toBe(30);
  expect(await importOrganization({ ...options(second, "content-2"), from: at("out") })).toEqual({
    organizationId,
    lines: out.lines,
    contents: 30,
  });
  const again = await exportOrganization({ ...options(second, "content-2"), to: at("again") });
  expect(await recordOf("again")).toBe(await recordOf("out"));
  expect(again).toEqual({ ...out, folder: again.folder });
  const keysOf = (name: string) => readFile(path.join(at(name), "keys.jsonl"), "utf8");
  expect(await keysOf("again")).toBe(await keysOf("out"));
  expect((await keysOf("out")).split("\n").filter((line) => line.startsWith('{"table":"person_key"'))).toHaveLength(1);
  const listed = async (name: string) => (await readdir(at(name), { recursive: true })).toSorted();
  expect(await listed("again")).toEqual(await listed("out"));

  const report = await withClient(second?.urls.verify ?? "", { applicationName: "xvc test" }, (client) =>
    verifyEvidence(client, { organizationId, publicKey: signer.publicKey }),
  );
  expect(report).toMatchObject({ problems: [] });
  expect((await recordOf("out")).split("\n").filter((line) => line.startsWith('{"table":"checkpoint"')).length).toBeGreaterThanOrEqual(3);
});

test("a record comes into an empty database only, and triggers are on again", async () => {
  await expect(importOrganization({ ...options(second, "content-2"), from: at("out") })).rejects.toMatchObject({
    code: "import.not-empty",
  });
  await expect(exportOrganization({ ...options(second, "content-2"), to: at("out") })).rejects.toMatchObject({
    code: "export.folder-used",
  });
  const off = await withClient(second?.urls.owner ?? "", { applicationName: "xvc test" }, (client) =>
    client.query(
      "select tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace = 'xvc'::regnamespace and tgenabled = 'D'",
    ),
  );
  expect(off.rows).toEqual([]);
});

test("what was cut off, changed or made up is refused, and nothing comes in", async () => {
  const third = await openTestDatabase();
  const text = await recordOf("out");
  const tries = [
    text.slice(0, text.length / 2),
    text.replace('"R 3"', '"R 4"'),
    "",
    "{}\n",
    sealed(text.replaceAll('{"table":"task"', '{"table":"pg_class"').replace('{"table":"request"', '{"table":"nothing"')),
    sealed(text.replace(`"organization_id": "${organizationId}"`, `"organization_id": "${ids.next()}"`)),
    sealed(text.replace(organizationId, ids.next())),
    sealed(text.replace(/"migration":\d+/u, '"migration":1')),
  ];
  const codes: string[] = [];
  const directory = await mkdtemp(path.join(folder, "bad-"));
  for (const one of tries) {
    await writeFile(path.join(directory, "record.jsonl"), one);
    const error: unknown = await importOrganization({ ...options(third, "content-3"), from: directory }).catch((caught: unknown) => caught);
    codes.push((error as { readonly code: string }).code);
  }
  const invalid = "import.not-an-export";
  expect(codes).toEqual([
    invalid,
    invalid,
    invalid,
    invalid,
    "import.bad-line",
    "import.bad-line",
    "import.other-organization",
    "import.other-version",
  ]);
  const { rows } = await withClient(third.urls.admin, { applicationName: "xvc test" }, (client) =>
    client.query("select count(*)::int as count from xvc.history"),
  );
  expect(rows).toEqual([{ count: 0 }]);
  await third.drop();
});

/** With a last line that fits. */
function sealed(text: string): string {
  const lines = text.split("\n").slice(0, -2);
  const body = lines.map((line) => `${line}\n`).join("");
  return `${body}${JSON.stringify({ end: true, lines: lines.length, sha256: digest(body) })}\n`;
}
