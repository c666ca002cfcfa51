import { expect, test } from "vitest";
import { landingOf } from "./landing.ts";

test("each reader lands where their work is, and who decides anything on Home", () => {
  expect([landingOf(["auditor"]), landingOf(["contributor"])]).toEqual(["/audit", "/tasks"]);
  expect([landingOf(["director"]), landingOf(["lead"]), landingOf(["administrator", "contributor"]), landingOf([])]).toEqual([
    "/",
    "/",
    "/",
    "/",
  ]);
});
