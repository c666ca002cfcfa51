import { candidacyKind } from "../../core/personas/candidacy.ts";
import { personaKind } from "../../core/personas/persona.ts";
import { qualificationKind } from "../../core/personas/qualification.ts";
import { readLibrary } from "../../core/personas/read-library.ts";
import { readSuite } from "../../core/personas/suite.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { commandAnswer, idField } from "../../contract/fields.ts";
import {
  candidacyBody,
  lowerBody,
  qualifyBody,
  redirectBody,
  shareBody,
  stopBody,
  suiteBody,
  suitesDocument,
  trustDocument,
} from "../../contract/trust-contract.ts";
import { suitesView, trustView } from "../../engine/personas/trust-view.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { answerOf, command, projectOf, reading, taskOf } from "./references.ts";

/** How far personas are trusted: suites and their runs, the ladder, new versions, and a person's word against an understanding. */
export const trustRoutes = (): readonly Endpoint[] => [...suiteRoutes(), ...runRoutes(), ...ladderRoutes(), ...candidacyRoutes()];

const suiteRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/suites",
    summary: "Suites of sample work by which personas qualify",
    answer: suitesDocument,
    run: (use, { member }) => reading(use, member, suitesView),
  }),
  endpoint({
    method: "post",
    path: "/api/suites",
    summary: "Add a version of a suite (xvc.suite/1)",
    body: suiteBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const read = readSuite(call.body, "own");
      if (read.kind === "problems") throw invalid("suite.unsound", `The suite is not sound: ${read.problems.join(" ")}`);
      return answerOf(await command(use, call, { projectId: null, command: { kind: "add-suite", suite: read.suite } }));
    },
  }),
];

const invalid = (code: string, message: string): Failure => new Failure("invalid", code, { message });

const runRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/personas/{reference}/trust",
    summary: "How far a persona is trusted: proofs, suites with their cost, the ladder, versions side by side",
    answer: trustDocument,
    run: (use, { member, reference }) =>
      reading(use, member, (reader) =>
        trustView(reader, { key: reference, viewerId: member.person.id, organizationId: member.organization.id, nowMs: use.clock.nowMs() }),
      ),
  }),
  endpoint({
    method: "post",
    path: "/api/personas/{reference}/qualify",
    summary: "Run a suite, by a person's go and at the estimate they were shown",
    body: qualifyBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const { project, personaVersion, ...said } = call.body;
      const version = personaVersion ?? (await personaOf(use, call.member, call.reference)).personaVersion;
      const projectId = projectOf(call.member, { reference: project, rehearsal: false }).id;
      return answerOf(
        await command(use, call, {
          projectId,
          command: { kind: "start-qualification", personaKey: call.reference, personaVersion: version, ...said },
        }),
      );
    },
  }),
  endpoint({
    method: "post",
    path: "/api/qualifications/{reference}/stop",
    summary: "End a run of a suite before its end",
    body: stopBody,
    answer: commandAnswer,
    run: async (use, call) =>
      answerOf(
        await command(use, call, {
          projectId: await projectOfRun(use, call.member, call.reference),
          command: { kind: "stop-qualification", qualificationId: call.reference, reason: call.body.reason },
        }),
      ),
  }),
];

async function personaOf(use: HttpDependencies, member: Member, key: string) {
  const [persona] = await reading(use, member, (reader) => reader.find(personaKind, { where: { key }, limit: 1 }));
  if (persona === undefined)
    throw new Failure("not-found", "persona.not-found", { message: `There is no persona ${key}. xvc persona list shows them.` });
  return persona;
}

/** @throws {Failure} `qualification.not-found` */
async function projectOfRun(use: HttpDependencies, member: Member, id: string): Promise<string> {
  const row = isId(id) ? await reading(use, member, (reader) => reader.get(qualificationKind, id)) : undefined;
  if (row === undefined)
    throw new Failure("not-found", "qualification.not-found", {
      message: `There is no run ${id} here. The page of its persona shows its runs.`,
    });
  return row.projectId;
}

const isId = (reference: string): boolean => idField.safeParse(reference).success;

const ladderRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/personas/{reference}/lower",
    summary: "Take trust back from a persona for one type of task",
    body: lowerBody,
    answer: commandAnswer,
    run: async (use, call) =>
      answerOf(
        await command(use, call, {
          // What is open about it is in a project; the first one stands for all.
          projectId: projectOf(call.member, { reference: undefined, rehearsal: false }).id,
          command: { kind: "lower-autonomy", personaKey: call.reference, ...call.body },
        }),
      ),
  }),
  endpoint({
    method: "post",
    path: "/api/tasks/{reference}/redirect",
    summary: "Say how a task is to be understood; it is taken up again with that",
    body: redirectBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { row, request } = await taskOf(use, call.member, call.reference);
      return answerOf(
        await command(use, call, { projectId: request.projectId, command: { kind: "redirect-attempt", taskId: row.id, ...call.body } }),
      );
    },
  }),
];

const candidacyRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/personas/{reference}/candidacy",
    summary: "Let a new version of a persona do a share of its work beside the present one",
    body: candidacyBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const { persona, share, reason } = call.body;
      await personaOf(use, call.member, call.reference);
      const read = readLibrary({ schema: "xvc.personas/1", persona_library: { [call.reference]: persona as JsonObject } });
      const [fields] = read.personas;
      if (fields === undefined || read.problems.length > 0) throw invalid("persona.unsound", read.problems.join(" "));
      return answerOf(await command(use, call, { projectId: null, command: { kind: "start-candidacy", fields, share, reason } }));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/candidacies/{reference}/share",
    summary: "Set the share of tasks that the new version gets",
    body: shareBody,
    answer: commandAnswer,
    run: async (use, call) =>
      answerOf(
        await command(use, call, {
          projectId: null,
          command: { kind: "share-candidacy", candidacyId: await candidacyOf(use, call.member, call.reference), share: call.body.share },
        }),
      ),
  }),
  ...(["promote", "withdraw"] as const).map((act) =>
    endpoint({
      method: "post",
      path: `/api/candidacies/{reference}/${act}`,
      summary: act === "promote" ? "Make the new version the persona" : "Give all tasks to the old version again",
      body: stopBody,
      answer: commandAnswer,
      run: async (use, call) =>
        answerOf(
          await command(use, call, {
            projectId: null,
            command: {
              kind: `${act}-candidacy`,
              candidacyId: await candidacyOf(use, call.member, call.reference),
              reason: call.body.reason,
            },
          }),
        ),
    }),
  ),
];

/** @throws {Failure} `candidacy.not-found` for what is no id of one */
async function candidacyOf(use: HttpDependencies, member: Member, id: string): Promise<string> {
  const row = isId(id) ? await reading(use, member, (reader) => reader.get(candidacyKind, id)) : undefined;
  if (row === undefined)
    throw new Failure("not-found", "candidacy.not-found", {
      message: `There is no new version ${id} beside another. The page of its persona shows them.`,
    });
  return row.id;
}
