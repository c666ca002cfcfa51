import variantModule from "@jitl/quickjs-wasmfile-release-sync";
import {
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
  Scope,
  newQuickJSWASMModuleFromVariant,
} from "quickjs-emscripten-core";
import type { Json } from "../../core/shared/json.ts";
import type { ScriptFault, ScriptLimits, ScriptOutcome } from "../../engine/ports/script-runner.ts";

/** One run, as the thread is told. */
export interface RunOrder {
  readonly source: string;
  /** JSON text. */
  readonly input: string;
  readonly limits: ScriptLimits;
}

const maxMessage = 1_000;

export const failed = (fault: ScriptFault, message: string): ScriptOutcome => ({
  kind: "failed",
  fault,
  message: message.slice(0, maxMessage),
});

// The package types its CommonJS form; the module that is loaded gives the variant itself.
const variant = variantModule as unknown as QuickJSSyncVariant;

let engine: Promise<QuickJSWASMModule> | undefined;

/** The engine's code, loaded once for each thread: about 40 ms. */
export function loadEngine(): Promise<QuickJSWASMModule> {
  engine ??= newQuickJSWASMModuleFromVariant(variant);
  return engine;
}

/** What makes two runs differ is not there; everything else of the language is. */
const withoutClock = "delete globalThis.Date; delete Math.random; delete globalThis.WeakRef; delete globalThis.FinalizationRegistry;";

/**
 * Runs a script in an engine instance made for it, in this thread, which is blocked meanwhile. Whatever leaves the instance in disorder
 * is thrown: the thread is then of no more use.
 */
export async function runInEngine({ source, input, limits }: RunOrder): Promise<ScriptOutcome> {
  const module = await loadEngine();
  return Scope.withScope((scope) => {
    const runtime = scope.manage(module.newRuntime({ memoryLimitBytes: limits.memoryBytes, maxStackSizeBytes: limits.stackBytes }));
    const endsAtMs = performance.now() + limits.timeMs;
    let outOfTime = false;
    runtime.setInterruptHandler(() => (outOfTime ||= performance.now() > endsAtMs));
    const context = scope.manage(runtime.newContext());
    const faultOf = (error: QuickJSHandle, otherwise: ScriptFault): ScriptOutcome =>
      outOfTime ? failed("time", `It ran longer than ${String(limits.timeMs)} ms.`) : described(context, { error, otherwise, limits });
    // Taken before the script can change them.
    const json = scope.manage(context.getProp(context.global, "JSON"));
    const parse = scope.manage(context.getProp(json, "parse"));
    const stringify = scope.manage(context.getProp(json, "stringify"));
    scope.manage(context.unwrapResult(context.evalCode(withoutClock)));
    const given = context.callFunction(parse, json, scope.manage(context.newString(input)));
    if (given.error !== undefined) return faultOf(scope.manage(given.error), "memory");
    const argument = scope.manage(given.value);

    const loaded = context.evalCode(source, "script.js", { type: "module" });
    if (loaded.error !== undefined) return faultOf(scope.manage(loaded.error), "syntax");
    const main = scope.manage(context.getProp(scope.manage(loaded.value), "default"));
    if (context.typeof(main) !== "function") return failed("syntax", "Its default export is no function: export default (input) => ...");
    const called = context.callFunction(main, context.undefined, argument);
    if (called.error !== undefined) return faultOf(scope.manage(called.error), "threw");
    const answer = scope.manage(called.value);
    if (isPromise(context, answer)) return failed("answer", "It answered with a promise; a script answers at once.");
    const written = context.callFunction(stringify, json, answer);
    if (written.error !== undefined) return faultOf(scope.manage(written.error), "answer");
    return readAnswer(context, scope.manage(written.value), limits);
  });
}

function isPromise(context: QuickJSContext, handle: QuickJSHandle): boolean {
  if (context.typeof(handle) !== "object") return false;
  const state = context.getPromiseState(handle);
  const { notAPromise } = state as { readonly notAPromise?: boolean }; // only a fulfilled state has the mark
  if (state.type === "fulfilled" && notAPromise !== true) state.value.dispose();
  if (state.type === "rejected") state.error.dispose();
  return notAPromise !== true;
}

function readAnswer(context: QuickJSContext, text: QuickJSHandle, { outputBytes }: ScriptLimits): ScriptOutcome {
  if (context.typeof(text) !== "string") return failed("answer", "It answered with nothing that JSON can say.");
  const length = context.getProp(text, "length").consume((handle) => context.getNumber(handle));
  const tooLarge = failed("answer", `Its answer is larger than ${String(outputBytes)} bytes.`);
  if (length > outputBytes) return tooLarge;
  const answer = context.getString(text);
  if (Buffer.byteLength(answer) > outputBytes) return tooLarge;
  let names = false;
  const value = JSON.parse(answer, (key, part: Json) => {
    names ||= key === "__proto__";
    return part;
  }) as Json; // JSON text gives JSON
  return names ? failed("answer", "Its answer has a field named __proto__, which is refused.") : { kind: "answered", value };
}

interface Thrown {
  readonly error: QuickJSHandle;
  readonly otherwise: ScriptFault;
  readonly limits: ScriptLimits;
}

/** What was thrown, in words; the engine's own errors are told from those a script makes up by nothing but their text. */
function described(context: QuickJSContext, { error, otherwise, limits }: Thrown): ScriptOutcome {
  const name = textAt(context, error, "name");
  const message = textAt(context, error, "message");
  if (name === "InternalError" && message === "out of memory")
    return failed("memory", `It asked for more than ${String(limits.memoryBytes)} bytes.`);
  if (name === "InternalError" && message === "stack overflow") return failed("stack", "It called itself too deep.");
  if (context.typeof(error) === "string") return failed(otherwise, context.getString(error).slice(0, maxMessage));
  return failed(otherwise, `${name}: ${message}`);
}

/** A text field, read without running anything of the script's where it can be helped; "" where it is no text. */
function textAt(context: QuickJSContext, handle: QuickJSHandle, field: string): string {
  if (context.typeof(handle) !== "object") return "";
  return context
    .getProp(handle, field)
    .consume((value) => (context.typeof(value) === "string" ? context.getString(value).slice(0, maxMessage) : ""));
}
