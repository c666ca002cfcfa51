import { chmod, chown, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Client } from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeDatabaseHome } from "../../../test/support/database-home.ts";
import type { DatabaseHome } from "../../../test/support/database-home.ts";
import { makeReadableCheckout } from "../../../test/support/readable-checkout.ts";
import { canPass } from "./data-directory.ts";
import { withClient } from "./database-url.ts";
import { readPostmasterFile } from "./postmaster-file.ts";
import type { RunningDatabase } from "./supervisor.ts";

let home: DatabaseHome;
beforeEach(async () => {
  home = await makeDatabaseHome();
});
afterEach(() => home.remove());

const isRoot = process.getuid?.() === 0;
const answer = ({ urls }: RunningDatabase): Promise<unknown> =>
  withClient(
    urls.app,
    { applicationName: "xvc test" },
    async (client: Client) => (await client.query<{ one: number }>("select 1 as one")).rows,
  );

test("the log, settings and data belong to who must have them", async () => {
  const database = await home.start();
  const { uid } = await stat(database.dataDirectory ?? "");
  expect((await stat(join(home.path, "pg-18.json"))).uid).toBe(process.getuid?.());
  expect(uid === 0).toBe(false);
  const { pid } = (await readPostmasterFile(database.dataDirectory ?? "")) ?? { pid: -1 };
  expect((await stat(`/proc/${pid}`)).uid).toBe(uid);
});

describe.runIf(isRoot)("as root", () => {
  test("a home below a directory only root can read still works, with the data elsewhere", async () => {
    const walled = await mkdtemp(join(tmpdir(), "xvc-walled-"));
    const environment = { XVC_HOME: join(walled, "home") };
    const database = await home.start({ environment });
    try {
      expect(await answer(database)).toEqual([{ one: 1 }]);
      expect(database.dataDirectory).toMatch(/^\/var\/lib\/xvc\/homes\//);
      expect((await home.start({ environment })).adopted).toBe(true);
    } finally {
      await database.stop();
      await rm(walled, { recursive: true });
      await rm(dirname(database.dataDirectory ?? ""), { recursive: true });
    }
  });

  test("data put back by root is given to the account again", async () => {
    const database = await home.start();
    await database.stop();
    const data = database.dataDirectory ?? "";
    const { uid } = await stat(data);
    await chown(data, 0, 0);
    await chown(join(data, "PG_VERSION"), 0, 0);
    expect(await answer(await home.start())).toEqual([{ one: 1 }]);
    expect((await stat(data)).uid).toBe(uid);
    expect((await stat(join(data, "PG_VERSION"))).uid).toBe(uid);
  });

  let copied: Awaited<ReturnType<typeof makeReadableCheckout>> | null = null;
  afterAll(() => copied?.remove());
  /** Sources that an ordinary user can read: these, or a copy of them when they lie where only root can. */
  const readable = async (): Promise<{ readonly checkout?: string }> => {
    if (await canPass(import.meta.dirname, nobody)) return {};
    copied ??= await makeReadableCheckout();
    return { checkout: copied.path };
  };

  const nobody = { kind: "other", name: "nobody", uid: 65_534, gid: 65_534 } as const;

  test("an ordinary user runs everything as itself", async () => {
    await chown(home.path, nobody.uid, nobody.gid);
    const started = await home.startElsewhere({ ...nobody, ...(await readable()) }).outcome;
    if (!("dataDirectory" in started)) throw new Error(started.message);
    expect((await stat(started.dataDirectory)).uid).toBe(nobody.uid);
    expect(started.dataDirectory.startsWith(home.path)).toBe(true);
  });

  test("a user id without a passwd entry is told what to do", async () => {
    await chown(home.path, 54_321, 54_321);
    expect(await home.startElsewhere({ uid: 54_321, gid: 54_321, ...(await readable()) }).outcome).toMatchObject({
      failure: "database.account-unknown",
      message: expect.stringMatching(/passwd line.*DATABASE_URL/s) as string,
    });
  });

  test("another user's home is not used", async () => {
    await chmod(home.path, 0o777);
    expect(await home.startElsewhere({ ...nobody, ...(await readable()) }).outcome).toMatchObject({ failure: "database.home-unusable" });
  });
});
