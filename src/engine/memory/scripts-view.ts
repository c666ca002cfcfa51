import { type Script, type ScriptPurpose, type ScriptTest, scriptKind, scriptLabel } from "../../core/memory/script.ts";
import { Failure } from "../../core/shared/failure.ts";
import { type NamedPerformer, namedPerson, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";

export interface ScriptRowView {
  readonly id: string;
  readonly label: string;
  readonly key: string;
  readonly scriptVersion: number;
  readonly version: number;
  readonly purpose: ScriptPurpose;
  readonly state: Script["state"];
  readonly title: string;
  readonly tests: number;
  readonly author: NamedPerformer;
  readonly addedAtMs: number;
  readonly activatedAtMs: number | null;
}

export interface ScriptsView {
  readonly schema: "xvc.scripts/1";
  readonly items: readonly ScriptRowView[];
  readonly mayWrite: boolean;
}

export interface ScriptDetailView extends Omit<ScriptRowView, "tests"> {
  readonly schema: "xvc.script/1";
  readonly source: string;
  readonly tests: readonly ScriptTest[];
}

/** Versions shown, the newest first. */
const maxShown = 500;

/** All versions of all scripts, the newest first, without their sources. */
export async function scriptsView(reader: Reader, viewerId: string): Promise<ScriptsView> {
  const rows = await reader.find(scriptKind, { newestFirst: true, limit: maxShown });
  const people = await readPeople(reader);
  const viewer = people.get(viewerId);
  return {
    schema: "xvc.scripts/1",
    items: rows.map((script) => ({ ...rowOf(script), tests: script.tests.length, author: namedPerson(people, script.authorId) })),
    mayWrite: viewer?.state === "active" && viewer.roles.some((role) => role === "administrator" || role === "director"),
  };
}

const rowOf = (script: Script): Omit<ScriptRowView, "tests" | "author"> => ({
  id: script.id,
  label: scriptLabel(script),
  key: script.key,
  scriptVersion: script.scriptVersion,
  version: script.version,
  purpose: script.purpose,
  state: script.state,
  title: script.title,
  addedAtMs: script.addedAtMs,
  activatedAtMs: script.activatedAtMs,
});

/** One version whole. */
export async function scriptDetailView(reader: Reader, script: Script): Promise<ScriptDetailView> {
  const people = await readPeople(reader);
  return {
    schema: "xvc.script/1",
    ...rowOf(script),
    author: namedPerson(people, script.authorId),
    source: script.source,
    tests: script.tests,
  };
}

/** The version that an id, `key@3` or a key (its active, else its latest version) stands for. @throws {Failure} `script.not-found` */
export async function scriptOf(reader: Reader, reference: string): Promise<Script> {
  const [, key = "", number] = /^([a-z0-9][a-z0-9._-]{0,79})(?:@(\d{1,6}))?$/u.exec(reference) ?? [];
  const byId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(reference) ? await reader.get(scriptKind, reference) : undefined;
  const found = byId ?? (key === "" ? undefined : await byKey(reader, key, number === undefined ? null : Number(number)));
  if (found !== undefined) return found;
  throw new Failure("not-found", "script.not-found", {
    message: `There is no script ${reference.slice(0, 90)}. xvc script list shows them.`,
  });
}

async function byKey(reader: Reader, key: string, scriptVersion: number | null): Promise<Script | undefined> {
  if (scriptVersion !== null) return (await reader.find(scriptKind, { where: { key, scriptVersion }, limit: 1 }))[0];
  const [active] = await reader.find(scriptKind, { where: { key, state: "active" }, limit: 1 });
  return active ?? (await reader.find(scriptKind, { where: { key }, newestFirst: true, limit: 1 }))[0];
}
