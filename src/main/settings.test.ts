import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { settle } from "./settings.ts";

let folder: string;
let environment: NodeJS.ProcessEnv;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "xvc-settings-"));
  environment = { HOME: path.join(folder, "home"), XDG_CONFIG_HOME: path.join(folder, "config") };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
  await writeFile(path.join(folder, file), text);
}
const user = (text: string) => write("config/xvc/config.yaml", text);
const project = (text: string) => write("repo/xvc.yaml", text);
const settled = (more: { readonly flags?: object; readonly set?: NodeJS.ProcessEnv; readonly at?: string } = {}) =>
  settle({
    environment: { ...environment, ...more.set },
    directory: path.join(folder, more.at ?? "repo/deep/er"),
    flags: more.flags ?? {},
  });
const shown = async (name: string, more: Parameters<typeof settled>[0] = {}) => (await settled(more)).list.find((one) => one.name === name);
const codeOf = async (run: Promise<unknown>) =>
  run.then(
    () => "no failure",
    (error: unknown) => (error as { readonly code?: string }).code,
  );

test("flag wins over environment, environment over project, project over user, user over the default", async () => {
  await mkdir(path.join(folder, "repo/deep/er"), { recursive: true });
  await mkdir(path.join(folder, "repo/.git"));
  expect(await shown("port")).toEqual({ name: "port", value: "4180", origin: "default" });
  await user("port: 1001\nproject: eng\n");
  expect(await shown("port")).toMatchObject({ value: "1001", origin: `user ${folder}/config/xvc/config.yaml` });
  await project("port: 1002\n");
  expect(await shown("port")).toMatchObject({ value: "1002", origin: `project ${folder}/repo/xvc.yaml` });
  expect(await shown("port", { set: { XVC_PORT: "1003" } })).toMatchObject({ value: "1003", origin: "environment XVC_PORT" });
  expect(await shown("port", { set: { XVC_PORT: "1003" }, flags: { port: "1004" } })).toMatchObject({ value: "1004", origin: "--port" });
  const whole = await settled();
  expect([whole.project, whole.environment["XVC_PORT"]]).toEqual(["ENG", "1002"]);
});

test("the nearest file up to the root of the repository counts, and none above it", async () => {
  await write("xvc.yaml", "port: 1\n");
  await project("port: 2\n");
  await mkdir(path.join(folder, "repo/deep/er"), { recursive: true });
  expect(await shown("port")).toMatchObject({ value: "4180" }); // no repository: only the directory's own file would count
  expect(await shown("port", { at: "repo" })).toMatchObject({ value: "2" });
  await mkdir(path.join(folder, "repo/.git"));
  expect(await shown("port")).toMatchObject({ value: "2" });
  await rm(path.join(folder, "repo/xvc.yaml"));
  expect(await shown("port")).toMatchObject({ value: "4180" });
});

test("what decides where keys and work go never comes from a project", async () => {
  for (const text of ["url: http://evil.example\n", "home: /tmp/evil\n"]) {
    await project(text);
    expect([text, await codeOf(settled({ at: "repo" }))]).toEqual([text, "settings.not-in-project"]);
  }
  await rm(path.join(folder, "repo"), { recursive: true });
  await user("url: http://127.0.0.1:9\nhome: ~/elsewhere\n");
  const { environment: filled } = await settled({ at: "." });
  expect([filled["XVC_URL"], filled["XVC_HOME"]]).toEqual(["http://127.0.0.1:9", path.join(folder, "home/elsewhere")]);
});

test("unknown names, wrong types and what is no plain YAML are refused in words", async () => {
  const texts: readonly (readonly [string, string])[] = [
    ["prot: 4180\n", "settings.unknown-key"],
    ["apiKey: secret\n", "settings.unknown-key"],
    ["__proto__: {}\n", "settings.unknown-key"],
    ["port: eighty\n", "settings.bad-port"],
    ["port: 70000\n", "settings.bad-port"],
    ["port: [1]\n", "settings.bad-port"],
    ["url: ftp://x\n", "settings.bad-value"],
    ["url: http://elsewhere.example\n", "settings.bad-value"],
    ["url: http://127.0.0.1.evil.example\n", "settings.bad-value"],
    ["home: relative\n", "settings.bad-value"],
    ["project: 7\n", "settings.bad-value"],
    ["color: true\n", "settings.unknown-key"],
    ["- a\n", "settings.file-invalid"],
    ["just words", "settings.file-invalid"],
    ["port: 1\nport: 2\n", "settings.file-invalid"],
    ["port: 'open\n", "settings.file-invalid"],
    ["port: !!js/function 'x'\n", "settings.file-invalid"],
    ["a: &a 1\nb: *a\n", "settings.file-invalid"],
    [`a: ${"x".repeat(70_000)}\n`, "settings.file-invalid"],
  ];
  for (const [text, code] of texts) {
    await user(text);
    expect([text.slice(0, 40), await codeOf(settled({ at: "." }))]).toEqual([text.slice(0, 40), code]);
  }
  await user("# nothing\n");
  expect((await settled({ at: "." })).project).toBeNull();
});

test("secrets are never shown", async () => {
  const set = {
    XVC_API_KEY: "a-secret-key-of-somebody",
    DATABASE_URL: "postgres://dana:secret@db/x",
    XVC_URL: "http://dana:secret@127.0.0.1:1",
  };
  const { list } = await settled({ at: ".", set });
  expect(JSON.stringify(list)).not.toContain("secret");
  expect(list.find((one) => one.name === "database")?.value).toBe("postgres://***@db/x");
});
