import { expect, test } from "vitest";
import { railOfRow, railOfStops, railSentence, stages } from "./stages.ts";

test("a request that awaits approval waits in its stage, with everything before it done", () => {
  const views = railOfRow({ stage: "decomposition", state: "awaiting-approval" });
  expect(views.map((view) => view.mark)).toEqual(["done", "done", "waiting", "ahead", "ahead", "ahead", "ahead"]);
  expect(railSentence(views)).toBe("Stage 3 of 7, Decomposition: waits for a person");
});

test("a delivered request has passed all seven", () => {
  expect(railSentence(railOfRow({ stage: "integration", state: "delivered" }))).toBe("All seven stages done");
});

test("a cancelled request stopped where it was", () => {
  expect(railOfRow({ stage: "execution", state: "cancelled" }).find((view) => view.mark === "ended")?.stage).toBe("execution");
});

test("only the present stage keeps counting after the document was made", () => {
  const stops = stages.map((stage, at) => ({
    stage,
    status: at === 0 ? ("done" as const) : at === 1 ? ("current" as const) : ("ahead" as const),
    enteredAtMs: at < 2 ? 1 : null,
    spentMs: at < 2 ? 1_000 : 0,
  }));
  expect(railOfStops(stops, "analysing", 5_000).map((view) => view.spentMs)).toEqual([1_000, 6_000, null, null, null, null, null]);
  expect(railOfStops(stops, "cancelled", 5_000)[1]?.spentMs).toBe(1_000);
});
