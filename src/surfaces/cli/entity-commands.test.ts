import { expect, test } from "vitest";
import { openCliWorld } from "../../../test/support/cli-world.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { listAt } from "./output.ts";

test("types are defined, entities kept, changed, tagged, related, found at an instant and moved from the command line", async () => {
  const { run, world } = await openCliWorld();
  const { label } = await world.filed("Write the page");
  await world.asToken("POST", "/api/entity-types", {
    body: { key: "customer", title: "Customer", dataSchema: { type: "object", properties: { seats: { type: "integer" } } } },
  });
  const done = async (...words: readonly string[]): Promise<string> => {
    const { exit, out, err } = await run(...words);
    expect([words, exit, err]).toEqual([words, 0, ""]);
    return out;
  };
  expect(await done("entity", "types")).toMatch(/customer\s+1\s+0\s+Customer/u);
  expect(await done("entity", "types", "customer")).toContain('"integer"');
  expect(await done("entity", "create", "customer/acme", "Acme Ltd", "--set", "country=DE", "--set", "seats=40")).toBe(
    "customer/acme active\n",
  );
  expect((await run("entity", "create", "customer/acme", "Again")).exit).toBe(4);
  expect((await run("entity", "create", "customer/bad", "Bad", "--set", "seats=many")).err).toContain("/seats");
  expect(await done("entity", "tag", "customer/acme", "tier=gold", "vip")).toBe("tier=gold present\nvip present\n");
  expect(await done("entity", "relate", "customer/acme", "ordered", `request:${label}`)).toContain("present");
  world.clock.advance(1_000);
  const then = String(world.clock.nowMs());
  world.clock.advance(1_000);
  await done("entity", "untag", "customer/acme", "vip");
  await done("entity", "change", "customer/acme", "--set", "seats=60", "--unset", "country", "--expect", "1");
  expect((await run("entity", "change", "customer/acme", "--set", "seats=70", "--expect", "1")).exit).toBe(4);
  expect((await run("entity", "change", "customer/acme")).exit).toBe(2);
  const shown = await done("entity", "show", "customer/acme");
  expect(shown).toContain("tags: tier=gold\n");
  expect(shown).toContain('ordered: request "Write the page"');
  expect(shown).toContain('{\n  "seats": 60\n}');
  expect(await done("entity", "show", "customer/acme", "--at", then)).toContain('"country": "DE"');
  expect(await done("entity", "list", "--tag", "tier=gold", "--tag", "vip", "--field", "seats=40", "--at", then)).toContain("Acme Ltd");
  expect(await done("entity", "list", "--tag", "vip")).toBe("Nothing was found.\n");
  const tidy = "export default ({ data }) => ({ ...data, country: 'FR' })";
  await world.asToken("POST", "/api/scripts", {
    body: {
      key: "tidy",
      purpose: "transformer",
      title: "Tidy",
      source: tidy,
      tests: [{ name: "t", input: { data: {} }, expected: { country: "FR" } }],
    },
  });
  await world.asToken("POST", "/api/scripts/tidy/activate", { body: { version: 1 } });
  expect(await done("entity", "transform", "customer/acme", "tidy")).toMatch(/country\s+"FR"\n/u);
  expect((await run("entity", "transform", "customer/acme", "tidy", "--apply")).out).toBe("customer/acme active\n");
  expect(await done("entity", "transform", "customer/acme", "tidy")).toBe("Nothing would change.\n");
  expect(await done("entity", "archive", "customer/acme", "--reason", "gone quiet")).toBe("customer/acme archived\n");
  const archived = JSON.parse(await done("entity", "list", "--state", "archived", "--json")) as JsonObject;
  expect(listAt(archived, "items")).toMatchObject([{ label: "customer/acme", version: 4 }]);
  await done("entity", "hold", "customer/acme", "--reason", "a lawsuit");
  expect((await run("entity", "delete", "customer/acme", "--reason", "x")).err).toContain("legal hold");
  await done("entity", "release", "customer/acme", "--reason", "settled");
  await done("entity", "delete", "customer/acme", "--reason", "asked to");
  expect(await done("entity", "purge", "customer/acme", "--reason", "asked to")).toBe("customer/acme purged\n");
  expect(await done("entity", "show", "customer/acme", "--at", then)).toMatch(/purged; the version had SHA-256 [0-9a-f]{64}/u);
});
