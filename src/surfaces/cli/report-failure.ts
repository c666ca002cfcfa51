import { Failure } from "../../core/shared/failure.ts";
import type { Json } from "../../core/shared/json.ts";
import type { CliStreams } from "./cli-dependencies.ts";
import { exitCodes, exitOfKind, nextStep } from "./exit-codes.ts";
import { jsonText, printable } from "./output.ts";

const maxProblems = 20;

/** Says on stderr what went wrong, why and what to do next. @returns the exit code */
export function reportFailure(
  streams: CliStreams,
  error: unknown,
  options: { readonly json: boolean; readonly interrupted: boolean },
): number {
  if (options.interrupted) {
    streams.err("xvc: interrupted; what was accepted goes on at the server\n  next: xvc request list shows where it stands\n");
    return exitCodes.interrupted;
  }
  const failure = asFailure(error);
  const { problems, instance } = (failure.details ?? {}) as { readonly problems?: Json; readonly instance?: Json }; // JSON; each field is looked at
  if (options.json) {
    streams.err(
      `${jsonText({ schema: "xvc.failure/1", kind: failure.kind, code: failure.code, message: failure.message, details: failure.details })}\n`,
    );
    return exitOf(failure);
  }
  streams.err(`xvc: ${printable(failure.message).slice(0, 2_000)}\n`);
  for (const problem of Array.isArray(problems) ? (problems as readonly Json[]).slice(0, maxProblems) : [])
    streams.err(`  - ${printable(problemText(problem)).slice(0, 500)}\n`);
  streams.err(
    `  why: ${failure.code}${typeof instance === "string" ? ` (${printable(instance)})` : ""}\n  next: ${nextStep[failure.kind]}\n`,
  );
  return exitOf(failure);
}

const asFailure = (error: unknown): Failure =>
  error instanceof Failure
    ? error
    : new Failure("bug", "bug.unexpected", { message: error instanceof Error ? error.message : String(error) }, { cause: error });

const exitOf = (failure: Failure): number => (failure.code.startsWith("settings.") ? exitCodes.configuration : exitOfKind[failure.kind]);

function problemText(problem: Json): string {
  if (typeof problem !== "object" || problem === null || Array.isArray(problem)) return String(problem);
  const { path, message } = problem as { readonly path?: Json; readonly message?: Json }; // JSON; each field is looked at
  return `${typeof path === "string" && path !== "" ? `${path}: ` : ""}${typeof message === "string" ? message : ""}`;
}
