import type { Attempt } from "../../src/core/execution/attempt.ts";
import { capabilityKind } from "../../src/core/gate/capability.ts";
import { standingGrantKind } from "../../src/core/gate/standing-grant.ts";
import { toolCallKind } from "../../src/core/gate/tool-call.ts";
import { toolPinKind } from "../../src/core/gate/tool-pin.ts";
import { asId } from "../../src/core/shared/ids.ts";
import { type SampleRow, sample } from "./sample-oversight.ts";

/** One row of every kind of `0015-gate.sql`. */
export function sampleGate(next: () => string, of: Attempt): readonly SampleRow[] {
  const [capabilityId, personId] = [next(), next()];
  return [
    sample(capabilityKind, {
      id: capabilityId,
      state: "live",
      persona: "writer",
      taskId: of.taskId,
      forProjectId: next(),
      tool: "mail",
      ranges: { to: { kind: "one-of", values: ["team@example.org"] } },
      maxCalls: 3,
      usedCalls: 1,
      expiresAtMs: 86_400_000,
      parentId: null,
      grantedBy: personId,
      reason: "The plan names it.",
    }),
    sample(standingGrantKind, {
      id: next(),
      state: "live",
      tool: "mail",
      forProjectId: next(),
      persona: null,
      targets: { to: ["team@example.org"] },
      content: "inside",
      maxCalls: 10,
      usedCalls: 0,
      capMicro: null,
      usedMicro: 0,
      expiresAtMs: 86_400_000,
      givenBy: personId,
      givenAtMs: 1_000,
      reason: "The daily note.",
      revokedBy: null,
    }),
    sample(toolPinKind, {
      id: next(),
      tool: `mail-${next()}`,
      mode: "tightened",
      definitionSha256: "a".repeat(64),
      reason: "Watched for a week.",
      setBy: personId,
      setAtMs: 1_000,
    }),
    sample(toolCallKind, {
      id: next(),
      state: "asked",
      requestId: of.requestId,
      taskId: of.taskId,
      attemptId: asId(of.id),
      persona: "writer",
      tool: "mail",
      effectKind: "send",
      callSha256: "b".repeat(64),
      definitionSha256: "a".repeat(64),
      policySha256: "c".repeat(64),
      arguments: { to: "team@example.org", text: "Hello" },
      label: { integrity: "external", readers: [] },
      named: ["to"],
      declared: { origin: "office", deliveryClass: "once", targets: ["to"], amountArgument: null, timeLimitMs: 20_000 },
      resultLabel: { integrity: "external", readers: [] },
      steps: [{ step: "approval", verdict: "ask", reason: "No person named whom or what it reaches." }],
      question: {
        request: {
          persona: "writer",
          action: "send",
          tool: { name: "mail", origin: "office", delivery: "once", group: "consequential" },
          context: {
            capable: true,
            pinned: true,
            halted: false,
            provisional: false,
            targetHuman: true,
            contentHuman: false,
            readersCover: false,
            approved: true,
            granted: false,
            tightened: false,
          },
        },
        allowed: true,
        policies: ["approved-runs"],
        errors: [],
      },
      refusedCode: null,
      itemId: next(),
      capabilityId,
      grantId: null,
      reservationId: null,
      decidedBy: null,
      askedAtMs: 1_000,
      approvedUntilMs: null,
      usedAtMs: null,
      costMicro: 0,
    }),
  ];
}
