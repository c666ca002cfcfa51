import type { JsonObject } from "../../core/shared/json.ts";
import type { ForwardedCall } from "../../engine/ports/agent.ts";

/** Longest line of a stream that is looked at, and the largest whole answer. */
const maxKeptChars = 2_000_000;

interface Told {
  inputTokens: number | null;
  outputTokens: number | null;
}

/** Passes an answer on as it comes and reads in passing what it used, in any of the vendors' forms. */
export function usageReader(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): { readonly body: ReadableStream<Uint8Array>; readonly usage: ForwardedCall["usage"] } {
  const told: Told = { inputTokens: null, outputTokens: null };
  const { promise, resolve } = Promise.withResolvers<Awaited<ForwardedCall["usage"]>>();
  const end = (complete: boolean): void => resolve({ ...told, complete });
  const decoder = new TextDecoder();
  let kept = "";
  const take = (text: string): void => {
    const lines = (kept + text).split("\n");
    kept = (lines.pop() ?? "").slice(-maxKeptChars);
    for (const line of lines) look(line, told);
  };
  const reader = body.getReader();
  signal.addEventListener("abort", () => end(false), { once: true });
  return {
    usage: promise,
    body: new ReadableStream<Uint8Array>({
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) {
            take(decoder.decode(value, { stream: true }));
            controller.enqueue(value);
            return;
          }
          look(kept, told);
          end(true);
          controller.close();
        } catch (error) {
          end(false);
          controller.error(error);
        }
      },
      async cancel(reason) {
        end(false);
        await reader.cancel(reason);
      },
    }),
  };
}

/** One line of a stream of events, or a whole answer that is one line. */
function look(line: string, told: Told): void {
  const text = line.startsWith("data:") ? line.slice(5).trim() : line.trim();
  if (!text.startsWith("{") || !/"usage/u.test(text)) return;
  try {
    const value = JSON.parse(text) as JsonObject; // a text that begins with a brace is an object or does not parse
    for (const usage of [value["usage"], value["usageMetadata"], part(value["message"], "usage"), part(value["response"], "usage")])
      add(usage, told);
  } catch {
    // Not one of the vendors' lines: it tells nothing, and unknown usage is booked as all that was reserved.
  }
}

const part = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject)[name] : undefined; // a part of a JSON object

/** Input that was read from or written to a vendor's cache counts as input. */
const inputNames = ["input_tokens", "prompt_tokens", "promptTokenCount", "cache_read_input_tokens", "cache_creation_input_tokens"];
const outputNames = ["output_tokens", "completion_tokens", "candidatesTokenCount", "thoughtsTokenCount"];

function add(usage: unknown, told: Told): void {
  const sum = (names: readonly string[]): number | null => {
    const counts = names.map((name) => part(usage, name)).filter((count): count is number => typeof count === "number" && count >= 0);
    return counts.length === 0 ? null : Math.round(counts.reduce((total, count) => total + count, 0));
  };
  // Vendors repeat what they have counted so far; the largest is the last.
  const larger = (before: number | null, now: number | null): number | null => (now === null ? before : Math.max(before ?? 0, now));
  told.inputTokens = larger(told.inputTokens, sum(inputNames));
  told.outputTokens = larger(told.outputTokens, sum(outputNames));
}
