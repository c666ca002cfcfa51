import { autonomyKind } from "../../src/core/personas/autonomy.ts";
import { candidacyKind } from "../../src/core/personas/candidacy.ts";
import { qualificationKind } from "../../src/core/personas/qualification.ts";
import { suiteKind } from "../../src/core/personas/suite.ts";
import type { ProjectId } from "../../src/core/shared/ids.ts";
import { type SampleRow, sample } from "./sample-oversight.ts";

/** One row of every kind of `0019-autonomy.sql`. */
export function sampleAutonomy(next: () => string, projectId: ProjectId): readonly SampleRow[] {
  const [suiteId, personId] = [next(), next()];
  const pair = { personaVersion: 1, executor: "model" } as const;
  return [
    sample(suiteKind, {
      id: suiteId,
      key: `suite-${suiteId}`,
      suiteVersion: 1,
      title: "Finds what a report leaves out",
      personas: ["writer"],
      cases: [
        {
          id: "one",
          taskType: "report",
          title: "Count",
          brief: "Count the findings.",
          inputs: [{ name: "findings.md", text: "- a\n- b" }],
          outputs: ["count.json"],
          checks: [{ id: "c1", statement: "Two.", check: { kind: "schema", output: "count.json", schema: { const: 2 } } }],
        },
      ],
      bar: { repeats: 5, lower: 0.5 },
      origin: "own",
    }),
    sample(qualificationKind, {
      id: next(),
      projectId,
      personaKey: "writer",
      ...pair,
      providerId: next(),
      model: "house/small",
      suiteId,
      suite: `suite-${suiteId}@1`,
      state: "stopped",
      epoch: 2,
      handOvers: 0,
      planned: 5,
      trials: [
        {
          number: 1,
          caseId: "one",
          passed: true,
          reason: "",
          interpretation: "I count. Serves: the report.",
          checks: [{ id: "c1", verdict: "pass", detail: "It fits." }],
          costMicro: 10,
          endedAtMs: 2_000,
        },
      ],
      estimateMicro: 50,
      capMicro: 100,
      costMicro: 10,
      startedBy: personId,
      startedAtMs: 1_000,
      endedAtMs: 3_000,
      stopReason: "A person stopped it.",
    }),
    sample(autonomyKind, {
      id: next(),
      personaKey: "writer",
      taskType: `report-${next()}`,
      rung: "review",
      sinceMs: 1_000,
      outcomes: [{ ...pair, attemptId: next(), kind: "good", judged: true, atMs: 2_000 }],
      redirections: 0,
      grantedTo: null,
      history: [],
      itemId: null,
    }),
    sample(candidacyKind, {
      id: next(),
      personaKey: `writer-${next()}`,
      state: "running",
      baseVersion: 1,
      candidateVersion: 2,
      fields: {
        key: "writer",
        personaVersion: 2,
        worldview: "plain",
        specializations: [],
        tools: [],
        skills: ["writing"],
        division: "",
        executors: ["model"],
        costPerHourMicro: 0,
        capacity: 1,
      },
      share: 0.2,
      base: { n: 3, good: 3 },
      candidate: { n: 1, good: 0 },
      startedBy: personId,
      startedAtMs: 1_000,
      endedAtMs: null,
      endReason: "",
    }),
  ];
}
