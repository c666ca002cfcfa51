import { Failure } from "../../core/shared/failure.ts";
import type { StreamingEgress } from "../../engine/ports/egress.ts";
import type { FindModelKey, ModelAddress, Models, TurnEvent, TurnRequest } from "../../engine/ports/model.ts";
import { egressFetch } from "./egress-fetch.ts";
import { gatherAnswer } from "./gather-answer.ts";
import { type FailedCall, modelFailure } from "./model-failure.ts";
import { promptOf, toolsOf } from "./prompt-form.ts";
import { vendorWindow } from "./vendor-window.ts";
import { type CallOptions, type VendorModel, vendorModels, vendorOptions } from "./vendor-models.ts";

export interface ModelLimits {
  /** Longest silence before the first piece and between two pieces, milliseconds. */
  readonly silenceMs: number;
  /** Longest call, milliseconds. */
  readonly callMs: number;
  /** Most characters of one answer. */
  readonly answerChars: number;
}

const usualLimits: ModelLimits = { silenceMs: 90_000, callMs: 300_000, answerChars: 400_000 };

export interface ModelParts {
  readonly egress: StreamingEgress;
  readonly findKey: FindModelKey;
  readonly limits?: ModelLimits;
}

/** Models of the vendors through their own libraries: see `Models`. */
export const aiModels = ({ egress, findKey, limits = usualLimits }: ModelParts): Models => ({
  async *turn(at, request, signal) {
    signal.throwIfAborted();
    const key = (await findKey(at)) ?? "";
    if (key === "" && !at.local)
      throw new Failure("forbidden", "model.key-missing", {
        message: `There is no key for ${at.model}. Enter one in Settings, Models, or set the vendor's environment variable and restart.`,
      });
    const watch = silenceWatch(limits);
    const reach = at.local ? "house" : "outside";
    const model = vendorModels[at.vendor]({ baseUrl: at.baseUrl, model: at.model, key, fetch: egressFetch(egress, reach) });
    const call: FailedCall = { at, key };
    try {
      yield* streamed(model, { at, request, limits, watch }, AbortSignal.any([signal, watch.signal]));
    } catch (error) {
      signal.throwIfAborted();
      if (watch.signal.aborted) throw timedOut(at);
      throw modelFailure(error, call);
    } finally {
      watch.end();
    }
  },
});

const timedOut = (at: ModelAddress): Failure =>
  new Failure("unavailable", "model.timed-out", {
    message: `The model ${at.model} did not answer in time. It is asked again, or the next provider is.`,
  });

interface SilenceWatch {
  readonly signal: AbortSignal;
  heard(): void;
  end(): void;
}

/** Aborts when nothing was heard for too long, or when it took too long in all. */
function silenceWatch({ silenceMs, callMs }: ModelLimits): SilenceWatch {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let silence = setTimeout(abort, silenceMs);
  const whole = setTimeout(abort, callMs);
  return {
    signal: controller.signal,
    heard() {
      clearTimeout(silence);
      silence = setTimeout(abort, silenceMs);
    },
    end() {
      clearTimeout(silence);
      clearTimeout(whole);
    },
  };
}

interface Asking {
  readonly at: ModelAddress;
  readonly request: TurnRequest;
  readonly limits: ModelLimits;
  readonly watch: SilenceWatch;
}

const optionsOf = ({ at, request }: Asking, abortSignal: AbortSignal): CallOptions => ({
  prompt: promptOf(request),
  maxOutputTokens: request.maxOutputTokens,
  abortSignal,
  providerOptions: vendorOptions[at.vendor],
  ...(request.tools.length === 0 ? {} : { tools: toolsOf(request) }),
  ...(request.outputSchema === null
    ? {}
    : { responseFormat: { type: "json", name: "answer", schema: structuredClone(request.outputSchema) as never } }), // JSON Schema by the port's word; its type is that of a package we do not have
});

async function* streamed(model: VendorModel, asking: Asking, signal: AbortSignal): AsyncGenerator<TurnEvent> {
  const { stream, response } = await untilAborted(model.doStream(optionsOf(asking, signal)), signal);
  const gathered = gatherAnswer({ model: asking.at.model, maxChars: asking.limits.answerChars });
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await untilAborted(reader.read(), signal);
      if (done) break;
      asking.watch.heard();
      const event = gathered.take(value);
      if (event !== null) yield event;
    }
  } finally {
    // What is still to come of a broken stream is of no use to anybody.
    await reader.cancel().catch(() => {});
  }
  yield { kind: "result", result: { ...gathered.result(), window: vendorWindow(response?.headers) } };
}

/** Does not wait for a library that looks at its signal too late. */
function untilAborted<Result>(work: PromiseLike<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((settle, reject) => {
    const abort = (): void => reject(signal.reason as Error); // an abort's reason is an error unless somebody chose otherwise
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(
      (result) => {
        signal.removeEventListener("abort", abort);
        settle(result);
      },
      (error: unknown) => {
        signal.removeEventListener("abort", abort);
        reject(error as Error); // handed on as it came
      },
    );
  });
}
