import type { StreamRequest, StreamingEgress } from "../../engine/ports/egress.ts";

const emptyAnswers: ReadonlySet<number> = new Set([204, 205, 304]);

/** `fetch` as the libraries call it, through the one door. They send JSON texts; anything else is refused. */
export function egressFetch(egress: StreamingEgress, reach: StreamRequest["reach"]): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input);
    const { body } = init;
    if (body !== undefined && body !== null && typeof body !== "string") throw new TypeError("A model is sent text only.");
    const answer = await egress.open(
      {
        method: init.method === "GET" ? "GET" : "POST",
        url,
        headers: Object.fromEntries(new Headers(init.headers).entries()),
        body: body ?? null,
        reach,
      },
      init.signal ?? new AbortController().signal,
    );
    return new Response(emptyAnswers.has(answer.status) ? null : answer.body, { status: answer.status, headers: answer.headers });
  };
}
