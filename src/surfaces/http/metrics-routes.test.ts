import { expect, test } from "vitest";
import { openHttpWorld } from "../../../test/support/http-world.ts";
import { textAt } from "../cli/output.ts";

test("confidence is held against outcomes: mixed and unstated ones are told and not counted, what is said again counts once", async () => {
  const world = await openHttpWorld({ checkAnswers: true });
  const calibration = () => world.json(world.asToken("GET", "/api/metrics/calibration"));
  expect(await calibration()).toMatchObject({ n: 0, brier: null, mixed: 0, unstated: 0, projects: ["ENG"] });
  const post = async (path: string, body: object) => world.json(world.asToken("POST", path, { body }));
  const decided = async (probability: number | null, verdict: string): Promise<string> => {
    const answer = await post("/api/decisions", {
      project: "ENG",
      question: "Which pump?",
      options: [{ label: "Hydra" }, { label: "Otter" }],
      choice: "Hydra",
      rationale: "It is quiet.",
      ...(probability === null ? {} : { confidence: { probability, wouldProveWrong: "It leaks." } }),
    });
    const id = textAt(answer, "id");
    await post(`/api/decisions/${id}/outcome`, { version: 1, verdict, text: "So it went." });
    return id;
  };
  for (let at = 0; at < 8; at += 1) await decided(0.8, "held");
  await decided(0.8, "failed");
  const last = await decided(0.8, "held");
  await decided(0.9, "mixed");
  await decided(null, "held");
  expect(await calibration()).toMatchObject({ n: 10, mixed: 1, unstated: 1, bins: [{}, {}, {}, {}, { n: 10, came: 0.9 }] });
  await post(`/api/decisions/${last}/outcome`, { version: 2, verdict: "failed", text: "It leaked after all." });
  const told = await calibration();
  expect(told).toMatchObject({ n: 10, bins: [{}, {}, {}, {}, { n: 10, came: 0.8 }] });
  expect(told["brier"]).toBeCloseTo(0.16);
  const other = await world.asToken("GET", "/api/metrics/calibration?project=NONE");
  expect(other.status).toBe(404);
});
