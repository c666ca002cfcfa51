import { APICallError } from "ai";
import { Failure } from "../../core/shared/failure.ts";
import type { ModelAddress } from "../../engine/ports/model.ts";

/** What is known beside the error itself. */
export interface FailedCall {
  readonly at: ModelAddress;
  /** Never shown: every text is searched for it. */
  readonly key: string;
}

/** Characters of the vendor's own words that are kept. */
const maxSaid = 200;
/** Longest pause a vendor may ask for that is believed. */
const maxRetryAfterMs = 3_600_000;

/**
 * A foreign error as one of ours, by status and type, never by message text. The cause is left out on purpose: it carries the whole
 * prompt and the headers with the key.
 */
export function modelFailure(error: unknown, call: FailedCall): Failure {
  if (error instanceof Failure) return error;
  const inner = error instanceof Error && error.cause instanceof Failure ? error.cause : null;
  if (inner !== null) return inner;
  if (APICallError.isInstance(error)) return answered(error, call);
  const said = errorWords(error);
  if (typeof error === "object" && error !== null && "type" in error) return streamError(error.type, said, call);
  return new Failure("unavailable", "model.answer-unreadable", {
    message: `${where(call)} answered something that cannot be read${tail(said, call)} It is asked again, or the next provider is.`,
  });
}

const where = ({ at }: FailedCall): string => `The model ${at.model}`;

/** The vendor's own words on one line, without the key and without what would reorder a line. */
function tail(said: string, { key }: FailedCall): string {
  const line = (key.length >= 4 ? said.replaceAll(key, "[key]") : said)
    .replaceAll(/\b(?:sk|key|AIza)[-_A-Za-z0-9*.]{8,}/gu, "[key]")
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, maxSaid);
  return line === "" ? "." : `: ${line}${/[.!?]$/u.test(line) ? "" : "."}`;
}

/** The message inside of an error in any of the vendors' forms. */
function errorWords(error: unknown): string {
  if (typeof error === "string") return error;
  if (typeof error !== "object" || error === null) return "";
  if ("message" in error && typeof error.message === "string") return error.message;
  return "error" in error ? errorWords(error.error) : "";
}

function bodyWords(body: string | undefined): string {
  try {
    return errorWords(JSON.parse(body ?? ""));
  } catch {
    return "";
  }
}

function answered(error: APICallError, call: FailedCall): Failure {
  const { statusCode, responseHeaders, responseBody } = error;
  const said = bodyWords(responseBody);
  if ((statusCode === 400 || statusCode === 413) && isTooLarge(responseBody, said)) return tooLarge(call, said);
  if (statusCode === undefined || (statusCode >= 200 && statusCode < 300))
    return new Failure("unavailable", "model.answer-unreadable", {
      message: `${where(call)} answered something that cannot be read${tail(said, call)} It is asked again, or the next provider is.`,
    });
  return byStatus(statusCode, { said, call, retryAfterMs: retryAfter(responseHeaders, responseBody) });
}

/** One vendor says it by a code, two in words only: this is the one place where words are looked at. */
const isTooLarge = (body: string | undefined, said: string): boolean =>
  /"code"\s*:\s*"context_length_exceeded"/u.test(body ?? "") ||
  /\b(?:prompt is too long|exceeds the maximum number of tokens|maximum context length|context (?:length|window) (?:is )?exceeded)\b/iu.test(
    said,
  );

const tooLarge = (call: FailedCall, said: string): Failure =>
  new Failure("invalid", "model.context-too-large", {
    message: `${where(call)} takes no conversation as large as this one${tail(said, call)}`,
  });

interface Answered {
  readonly said: string;
  readonly call: FailedCall;
  readonly retryAfterMs: number | null;
}

type Told = readonly [kind: "exhausted" | "forbidden" | "not-found" | "invalid" | "unavailable", code: string, message: string];

const told: { readonly [status: number]: Told } = {
  401: ["forbidden", "model.key-refused", "does not take this key; enter it again in Settings, Models"],
  402: ["exhausted", "model.quota-used-up", "says that the account has nothing left; look at the vendor's billing page"],
  403: ["forbidden", "model.key-refused", "does not let this key ask it; check what the key may do at the vendor"],
  404: ["not-found", "model.not-known", "is not known there, or the address is wrong; check name and address in Settings, Models"],
  408: ["unavailable", "model.timed-out", "did not answer in time"],
  413: ["invalid", "model.request-refused", "was sent more than it takes"],
  429: ["exhausted", "model.rate-limited", "was asked too often; it is asked again later, or the next provider is"],
};

function byStatus(status: number, { said, call, retryAfterMs }: Answered): Failure {
  const [kind, code, what] = told[status] ?? otherStatus(status);
  const details = { message: `${where(call)} ${what}${tail(said, call)}`, status };
  return new Failure(kind, code, kind === "exhausted" ? { ...details, retryAfterMs } : details);
}

function otherStatus(status: number): Told {
  if (status >= 500) return ["unavailable", "model.unavailable", `is not available now (${status})`];
  if (status >= 300 && status < 400) return ["invalid", "model.request-refused", "answered with another address, which is not followed"];
  return ["invalid", "model.request-refused", `did not take the request (${status})`];
}

/** How long a vendor asks to wait; null: it does not say. Source: RFC 9110, 10.2.3, seconds only. */
function retryAfter(headers: Record<string, string> | undefined, body: string | undefined): number | null {
  const seconds = Number(headers?.["retry-after"] ?? Number.NaN);
  // Google tells it in the body: {"retryDelay":"12s"}.
  const delay = Number(/"retryDelay"\s*:\s*"(\d{1,6})(?:\.\d+)?s"/u.exec(body ?? "")?.[1] ?? Number.NaN);
  const found = Number.isFinite(seconds) ? seconds : delay;
  return Number.isFinite(found) && found >= 0 ? Math.min(found * 1_000, maxRetryAfterMs) : null;
}

/** Errors that a vendor sends inside of a stream that began well. */
function streamError(type: unknown, said: string, call: FailedCall): Failure {
  if (type === "rate_limit_error" || type === "rate_limit_exceeded") return byStatus(429, { said, call, retryAfterMs: null });
  if (type === "authentication_error") return byStatus(401, { said, call, retryAfterMs: null });
  if (type === "invalid_request_error") return byStatus(400, { said, call, retryAfterMs: null });
  return byStatus(500, { said, call, retryAfterMs: null });
}
