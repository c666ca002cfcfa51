import type { ContextDocument, ContextRow } from "../../src/contract/context-contract.ts";
import { idOf } from "./web-scenario.ts";

const row = (id: string, fields: Partial<ContextRow> & Pick<ContextRow, "kind" | "title" | "reason">): ContextRow => ({
  id,
  pinned: false,
  relevance: 0.5,
  tokens: 60,
  state: "whole",
  why: null,
  duplicateOf: null,
  ...fields,
});

const rows: readonly ContextRow[] = [
  row("brief:1", { kind: "brief", title: "Customer portal", reason: "The request that this task is part of.", pinned: true, tokens: 210 }),
  row("decision:1", {
    kind: "decision",
    title: "Which database does the portal use?",
    reason: "A decision in force that binds this task. It is about the request.",
    pinned: true,
  }),
  row("pitfall:1", {
    kind: "pitfall",
    title: 'What went wrong with "Build the order service"',
    reason: "A task much like this one was sent back or failed for this before it passed.",
    tokens: 95,
  }),
  row("decision:2", {
    kind: "decision",
    title: "Which database do our services use?",
    reason: "A decision in force in this project.",
    state: "left-out",
    why: 'Says nearly the same as "Which database does the portal use?".',
    duplicateOf: "decision:1",
  }),
];

/** What the performer of a task of the scenario is told; kept when its second attempt began. */
export const contextOf = (label: string): ContextDocument => ({
  schema: "xvc.context/1",
  taskId: idOf(601),
  label,
  budgetTokens: 8_000,
  tokens: 365,
  estimate: "characters / 4",
  packSha256: "a".repeat(64),
  looked: ["every principle in force, and the objective served"],
  leftOut: 1,
  rows,
  pieces: rows
    .filter(({ state }) => state !== "left-out")
    .map(({ id, kind, title, pinned, relevance, reason }) => ({
      id,
      kind,
      title,
      text: kind === "decision" ? "Decided: Postgres\nOne database for all of it." : "Read the orders before the customers.",
      pinned,
      relevance,
      reason,
    })),
  given: { attemptId: idOf(602), number: 2, atMs: 1_700_000_000_000, tokens: 365, budgetTokens: 8_000, same: true, leftOut: 1, rows },
});
