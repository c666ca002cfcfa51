import { permissionProblem, permissions } from "../../core/oversight/permissions.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Json } from "../../core/shared/json.ts";
import { refusalMessage } from "../../core/shared/transition.ts";
import { runScript, testScript } from "../../engine/memory/run-script.ts";
import { scriptDetailView, scriptOf, scriptsView } from "../../engine/memory/scripts-view.ts";
import { transformEntity } from "../../engine/memory/transform-entity.ts";
import type { ScriptOutcome } from "../../engine/ports/script-runner.ts";
import { commandAnswer } from "../../contract/fields.ts";
import {
  scriptActBody,
  scriptBody,
  scriptDocument,
  scriptRunBody,
  scriptRunDocument,
  scriptTestBody,
  scriptTestDocument,
  scriptTrialBody,
  scriptsDocument,
  transformBody,
  transformedDocument,
} from "../../contract/script-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { Member } from "./http-dependencies.ts";
import { labelled } from "./entity-routes.ts";
import { command, reading } from "./references.ts";
import { entityOf } from "./subject-references.ts";

const runAnswer = (outcome: ScriptOutcome) =>
  outcome.kind === "answered"
    ? { schema: "xvc.script-run/1" as const, ok: true, value: outcome.value, fault: null, message: "" }
    : { schema: "xvc.script-run/1" as const, ok: false, value: null, fault: outcome.fault, message: outcome.message };

/** Trying one costs processor time of everybody, so it is for those who may store one. @throws {Failure} `script.wrong-role` */
function mayRun({ person, bound }: Member): void {
  if (!bound && person.roles.some((role) => role === "administrator" || role === "director")) return;
  throw new Failure("forbidden", "script.wrong-role", {
    message: "Scripts are run by hand by an administrator or director, with a session or a key for all projects.",
  });
}

const runRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/scripts/try",
    summary: "Run a source that is not stored on an input",
    body: scriptTrialBody,
    answer: scriptRunDocument,
    run: async (use, { member, body }) => {
      mayRun(member);
      return runAnswer(await runScript(use.scripts, body, body.input));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/scripts/{reference}/run",
    summary: "Run a stored version on an input",
    body: scriptRunBody,
    answer: scriptRunDocument,
    run: async (use, { member, reference, body }) => {
      mayRun(member);
      const script = await reading(use, member, (reader) => scriptOf(reader, reference));
      return runAnswer(await runScript(use.scripts, script, body.input as Json)); // the parser gives JSON
    },
  }),
  endpoint({
    method: "post",
    path: "/api/scripts/{reference}/test",
    summary: "Run the tests of a stored version",
    body: scriptTestBody,
    answer: scriptTestDocument,
    run: async (use, { member, reference }) => {
      mayRun(member);
      const results = await testScript(use.scripts, await reading(use, member, (reader) => scriptOf(reader, reference)));
      return { schema: "xvc.script-test/1" as const, ok: results.every(({ problem }) => problem === null), results: [...results] };
    },
  }),
];

/** An active version was tested before it was put into use, so whoever may change the entity may run it. @throws {Failure} `permission.*` */
function mayTransform({ person }: Member): void {
  const problem = permissionProblem(permissions["change-entity"], person);
  if (problem !== null) throw new Failure(problem.failure, problem.code, { message: refusalMessage(problem) });
}

const transformRoute = (): Endpoint =>
  endpoint({
    method: "post",
    path: "/api/entities/{reference}/transform",
    summary: "What an active transformer would make of an entity; nothing is written",
    body: transformBody,
    answer: transformedDocument,
    run: async (use, { member, reference, body }) => {
      mayTransform(member);
      const entity = await entityOf(use, member, reference);
      const script = await reading(use, member, (reader) => scriptOf(reader, body.script));
      return transformEntity(use.scripts, script, entity);
    },
  });

const moveRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/scripts/{reference}/activate",
    summary: "Run a version's tests and, when all hold, put it in the place of the active one",
    body: scriptActBody,
    answer: commandAnswer,
    run: async (use, call) => {
      mayRun(call.member);
      const script = await reading(use, call.member, (reader) => scriptOf(reader, call.reference));
      const results = await testScript(use.scripts, script);
      const sent = { kind: "activate-script", scriptId: script.id, expectedVersion: call.body.version, results } as const;
      return labelled(await command(use, call, { projectId: null, command: sent }));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/scripts/{reference}/retire",
    summary: "Take a version out of use; it stays on record",
    body: scriptActBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { id } = await reading(use, call.member, (reader) => scriptOf(reader, call.reference));
      const { version, reason = "" } = call.body;
      const sent = { kind: "retire-script", scriptId: id, expectedVersion: version, reason } as const;
      return labelled(await command(use, call, { projectId: null, command: sent }));
    },
  }),
];

/** Stored scripts: validators, transformers and metric formulas. */
export const scriptRoutes = (): readonly Endpoint[] => [
  ...runRoutes(),
  transformRoute(),
  ...moveRoutes(),
  endpoint({
    method: "get",
    path: "/api/scripts",
    summary: "Stored scripts, all versions, the newest first",
    past: true,
    answer: scriptsDocument,
    run: (use, { member }) => reading(use, member, (reader) => scriptsView(reader, member.person.id)),
  }),
  endpoint({
    method: "get",
    path: "/api/scripts/{reference}",
    summary: "One version with its source and tests; a key alone is its active version",
    past: true,
    answer: scriptDocument,
    run: (use, { member, reference }) =>
      reading(use, member, async (reader) => scriptDetailView(reader, await scriptOf(reader, reference))),
  }),
  endpoint({
    method: "post",
    path: "/api/scripts",
    summary: "Store a script, or its next version, as a draft",
    body: scriptBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const { after = 0, ...script } = call.body;
      const sent = { kind: "add-script", ...script, expectedScriptVersion: after } as const;
      return labelled(await command(use, call, { projectId: null, command: sent }));
    },
  }),
];
