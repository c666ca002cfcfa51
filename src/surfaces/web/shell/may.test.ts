import { expect, test } from "vitest";
import { rolesMay } from "./may.ts";

test("an act is offered to who may send its command, by the engine's own table", () => {
  expect(rolesMay(["auditor"], "submit-request")).toBe(false);
  expect(rolesMay(["auditor"], "save-view")).toBe(true);
  expect(rolesMay(["contributor"], "submit-request")).toBe(true);
  expect(rolesMay(["contributor"], "reassign-task")).toBe(false);
  expect(rolesMay(["lead"], "reassign-task")).toBe(true);
  expect(rolesMay([], "submit-request")).toBe(false);
  expect(rolesMay(["administrator"], "file-notice")).toBe(false);
});
