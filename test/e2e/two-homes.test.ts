import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ServerFile } from "../../src/contract/status-contract.ts";
import { type LiveHome, type LiveProcess, openLiveHome } from "../support/live-home.ts";

let homes: readonly [LiveHome, LiveHome];
let servers: readonly [LiveProcess, LiveProcess];

beforeAll(async () => {
  homes = [await openLiveHome(), await openLiveHome()];
  servers = await Promise.all([homes[0].up(), homes[1].up()]);
});

afterAll(async () => {
  for (const home of homes) await home.remove();
});

const serverOf = async (home: LiveHome): Promise<ServerFile> =>
  JSON.parse(await readFile(path.join(home.path, "server.json"), "utf8")) as ServerFile; // our own file

test("two homes run side by side and see nothing of each other", async () => {
  expect(servers[0].url).not.toBe(servers[1].url);
  await homes[0].json("project", "add", "ONE", "Only here");
  const submitted = await homes[0].json("request", "submit", "Only in the first home", "--project", "ONE");
  expect(submitted["label"]).toBe("ONE-1");
  expect(await homes[1].xvc("request", "show", "ONE-1")).toMatchObject({ exit: 3, out: "" });
  const seen = JSON.stringify([
    await homes[1].json("request", "list"),
    await homes[1].json("project", "list"),
    await homes[1].json("inbox", "list"),
  ]);
  expect(seen).not.toContain("Only");
});

test("the key of one home opens nothing in the other, and nobody else may read it", async () => {
  const [one, other] = [await serverOf(homes[0]), await serverOf(homes[1])];
  const answer = (url: string, token: string) =>
    fetch(`${url}/api/requests`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status);
  expect(await answer(one.url, one.token)).toBe(200);
  expect([401, 403]).toContain(await answer(one.url, other.token));
  expect((await stat(path.join(homes[0].path, "server.json"))).mode & 0o777).toBe(0o600);
});

test("a port that is taken is refused in words, and the server that has it goes on", async () => {
  const port = new URL(servers[0].url).port;
  const ran = await homes[1].xvc("up", "--port", port);
  expect(ran.exit).toBe(4);
  expect(ran.err).toContain(`Port ${port} is in use`);
  expect((await homes[0].json("status"))["ok"]).toBe(true);
  expect((await homes[1].json("status"))["ok"]).toBe(true);
});

test("stopping one ends its server and database alone", async () => {
  expect(await homes[0].xvc("stop")).toMatchObject({ exit: 0, out: "Stopped.\n" });
  expect(servers[0].child.exitCode).toBe(0);
  expect(await homes[0].xvc("status")).toMatchObject({ exit: 7, out: "" });
  expect((await homes[1].json("status"))["ok"]).toBe(true);
});
