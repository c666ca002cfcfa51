import { expect, test, vi } from "vitest";
import { openCliWorld } from "../../../test/support/cli-world.ts";

// Much is computed here; a machine that does much else is slow, and only a failure takes this long.
vi.setConfig({ testTimeout: 60_000 });

const files = {
  "/load.json": JSON.stringify({ model: "mm1", arrivalRatePerSecond: 8, serviceRatePerSecond: 10 }),
  "/overload.json": JSON.stringify({ model: "mm1", arrivalRatePerSecond: 80, serviceRatePerSecond: 10 }),
};

test("a tool that only computes is run by hand, without a server; what it refuses is told whole", async () => {
  const cli = await openCliWorld({ files });
  const listed = await cli.run("tool", "list", "--json");
  expect(listed.exit).toBe(0);
  expect(listed.out).toContain('"xvc.tools/1"');
  expect(listed.out).toContain('"performance_modeling"');
  const answered = await cli.run("tool", "run", "performance_modeling", "--input", "/load.json", "--json");
  expect(JSON.parse(answered.out)).toMatchObject({ schema: "xvc.performance/1", figures: { utilisation: 0.8, meanInSystem: 4 } });
  const refused = await cli.run("tool", "run", "performance_modeling", "--input", "/overload.json");
  expect([refused.exit, refused.out]).toEqual([2, ""]);
  expect(refused.err).toContain("at least 9 such servers");
  const unknown = await cli.run("tool", "run", "none");
  expect(unknown.exit).toBe(3);
  expect(unknown.err).toContain("performance_modeling");
});
