import { inertLine } from "../../core/oversight/compose-letter.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Egress, OutgoingRequest } from "../../engine/ports/egress.ts";
import type { SendOutcome } from "../../engine/ports/messenger.ts";

/** Answers that may be another one later: too early, too many, or a fault of the other side. */
const mayPass = (status: number): boolean => status === 408 || status === 425 || status === 429 || status >= 500;

/** Sends and reads the answer as what became of a message. 2xx is a receipt; what is refused for good is not tried again. */
export async function post(egress: Egress, request: OutgoingRequest, signal: AbortSignal): Promise<SendOutcome> {
  try {
    const { status, text } = await egress.send(request, signal);
    const said = inertLine(text, 120);
    const detail = `answered ${String(status)}${said === "" ? "" : `: ${said}`}`;
    if (status >= 200 && status < 300) return { kind: "sent", detail: `answered ${String(status)}` };
    return { kind: mayPass(status) ? "retry" : "failed", detail };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { kind: error.kind === "unavailable" ? "retry" : "failed", detail: inertLine(error.message, 250) };
  }
}
