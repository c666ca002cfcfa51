import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { ZodError } from "zod";
import { Failure, type FailureKind } from "../../core/shared/failure.ts";
import type { Json } from "../../core/shared/json.ts";
import type { InputProblem, ProblemDocument } from "../../contract/problem-contract.ts";
import { problemWords } from "./problem-words.ts";

/** The one map from the kind of a failure to its HTTP status. */
export const statusOfKind: { readonly [kind in FailureKind]: 422 | 404 | 409 | 403 | 429 | 503 | 500 } = {
  invalid: 422,
  "not-found": 404,
  conflict: 409,
  forbidden: 403,
  exhausted: 429,
  unavailable: 503,
  bug: 500,
};

const titles: { readonly [kind in FailureKind]: string } = {
  invalid: "The input is not valid",
  "not-found": "Not found",
  conflict: "The state does not allow it",
  forbidden: "Not allowed",
  exhausted: "A limit is reached",
  unavailable: "Not available now",
  bug: "An error of ours",
};

const maxProblems = 200;

/** Any thrown value as a failure. What is not one of ours says nothing about our insides. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof ZodError) return invalidInput(error);
  if (error instanceof HTTPException) {
    const message =
      error.status === 413 ? "The body is larger than 1 MB; upload large content as a file instead." : "The request could not be read.";
    return new Failure("invalid", error.status === 413 ? "http.body-too-large" : "http.unreadable", { message }, { cause: error });
  }
  return new Failure(
    "bug",
    "bug.unexpected",
    { message: "Something went wrong on our side. The log has the details under this instance." },
    { cause: error },
  );
}

function invalidInput(error: ZodError): Failure {
  const problems: readonly InputProblem[] = error.issues.slice(0, maxProblems).map((issue) => ({
    path: issue.path.map(String).join(".").slice(0, 1_000),
    message: problemWords(issue).slice(0, 2_000),
    code: issue.code ?? "invalid",
  }));
  const first = problems.slice(0, 3).map((problem) => `${problem.path === "" ? "The input" : problem.path} ${problem.message}`);
  return new Failure("invalid", "http.input-invalid", {
    message: `${first.join("; ")}.`,
    problems: problems.map((problem) => ({ path: problem.path, message: problem.message })),
  });
}

/** The problem document of a failure. Source: RFC 9457. */
export function problemOf(failure: Failure, instance: string): ProblemDocument {
  const details = detailsOf(failure.details);
  return {
    type: `https://xvc.dev/problems/${failure.code}`,
    title: titles[failure.kind],
    status: statusOfKind[failure.kind],
    detail: failure.message.slice(0, 20_000),
    instance,
    kind: failure.kind,
    code: failure.code,
    ...(details.problems.length === 0 ? {} : { problems: details.problems }),
    ...(failure.kind === "bug" ? {} : { details: failure.details }),
  };
}

/** The problems a failure lists, in one shape: sentences and objects come from different rooms. */
function detailsOf(details: Json): { readonly problems: readonly InputProblem[] } {
  const listed =
    typeof details === "object" && details !== null && !Array.isArray(details)
      ? (details as { readonly problems?: Json }).problems
      : undefined;
  if (!Array.isArray(listed)) return { problems: [] };
  return { problems: (listed as readonly Json[]).slice(0, maxProblems).map(problemFrom) };
}

function problemFrom(one: Json): InputProblem {
  if (typeof one === "string") return { path: "", message: one };
  if (typeof one !== "object" || one === null || Array.isArray(one)) return { path: "", message: String(one) };
  const { path, task, message, code } = one as { readonly [key: string]: Json };
  const where = typeof path === "string" ? path : typeof task === "string" ? task : "";
  return { path: where, message: typeof message === "string" ? message : "", ...(typeof code === "string" ? { code } : {}) };
}

/** Answers a failure as a problem document. */
export function answerFailure(context: Context, failure: Failure, instance: string): Response {
  const details = failure.details as { readonly retryAfterMs?: Json } | null; // JSON by its type; the field is looked at, not trusted
  const retryAfterMs = typeof details === "object" && details !== null ? details.retryAfterMs : undefined;
  if (typeof retryAfterMs === "number") context.header("retry-after", String(Math.ceil(retryAfterMs / 1_000)));
  return context.body(JSON.stringify(problemOf(failure, instance)), statusOfKind[failure.kind], {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
  });
}
