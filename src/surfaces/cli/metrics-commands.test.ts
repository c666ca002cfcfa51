import { expect, test } from "vitest";
import { openCliWorld } from "../../../test/support/cli-world.ts";

test("metrics are listed and shown with definition, n and interval, also as of an instant", async () => {
  const { run } = await openCliWorld();
  await run("request", "submit", "Paint the fence");
  const listed = await run("metrics");
  expect(listed.exit).toBe(0);
  const [key = ""] = listed.out.split("\t");
  const document = JSON.parse((await run("metrics", "list", "--days", "7", "--json")).out) as {
    readonly schema: string;
    readonly days: number;
  };
  expect(document).toMatchObject({ schema: "xvc.metrics/1", days: 7 });
  const shown = JSON.parse((await run("metrics", "show", key, "--json")).out) as object;
  expect(shown).toMatchObject({
    schema: "xvc.metric/1",
    metric: { key, n: expect.any(Number) as number, fewest: expect.any(Number) as number },
  });
  expect((await run("metrics", "show", key)).out).toMatch(/^n \d+, too few: \d+ are needed$/mu);
  const past = JSON.parse((await run("metrics", "--at", "2020-01-01", "--json")).out) as { readonly toMs: number };
  // The window holds its last instant.
  expect(past.toMs).toBe(Date.UTC(2020, 0, 1) + 1);
  for (const words of [
    ["show", "nothing"],
    ["list", "--days", "8"],
    ["list", "--at", "someday"],
    ["list", "--project", "NOPE"],
  ])
    expect([words, (await run("metrics", ...words)).exit]).not.toEqual([words, 0]);
});
