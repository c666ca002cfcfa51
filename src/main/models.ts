import { readFileSync } from "node:fs";
import { guardedStream } from "../adapters/egress/guarded-stream.ts";
import type { ModelParts } from "../adapters/models/ai-models.ts";
import { Failure } from "../core/shared/failure.ts";
import { type LiveWords, liveWords } from "../engine/execution/live-words.ts";
import { modelKeys } from "../engine/gate/model-keys.ts";
import type { Embedder } from "../engine/ports/embedder.ts";
import type { StreamingEgress } from "../engine/ports/egress.ts";
import type { Models } from "../engine/ports/model.ts";
import type { ReachStore, Vault } from "../engine/ports/vault.ts";

/** Models, and how they are reached. */
export interface OpenedModels {
  readonly models: Models;
  /** Makes vectors of texts. */
  readonly embedder: Embedder;
  /** Looks at addresses that people give. */
  readonly egress: StreamingEgress;
  /** What models say right now, for whoever looks. */
  readonly words: LiveWords;
  /** Whether the environment holds something under this name; never what. */
  readonly hasVariable: (name: string) => boolean;
  /** A variable of the environment, for what looks a provider's key up; null: it is not there. */
  readonly variable: (name: string) => string | null;
}

/** @throws {Failure} `egress.allow-invalid` */
export function openModels(
  environment: NodeJS.ProcessEnv,
  { vault, reachStore }: { readonly vault: Vault; readonly reachStore: ReachStore },
): OpenedModels {
  const allowed = (environment["XVC_EGRESS_ALLOW"] ?? "").split(",").filter((entry) => entry.trim() !== "");
  const egress = guardedStream({ allowed });
  const variable = (name: string): string | null => readVariable(environment, name);
  const findKey = modelKeys({ vault, reachStore, environment: variable });
  return {
    egress,
    models: modelsWhenAsked({ egress, findKey }),
    embedder: embedderWhenAsked({ egress, findKey }),
    words: liveWords(),
    hasVariable: (name) => variable(name) !== null,
    variable,
  };
}

/** The vendors' libraries are some 20 MB in memory: they are read in with the first call, so that who asks no model holds none. */
const modelsWhenAsked = (parts: ModelParts): Models => ({
  async *turn(...asked) {
    const { aiModels } = await import("../adapters/models/ai-models.ts");
    yield* aiModels(parts).turn(...asked);
  },
});

const embedderWhenAsked = (parts: ModelParts): Embedder => ({
  async embed(...asked) {
    const { aiEmbedder } = await import("../adapters/models/ai-embedder.ts");
    return aiEmbedder(parts).embed(...asked);
  },
});

/** A variable, or the first line of the file that `<name>_FILE` names. @throws {Failure} `settings.secret-unreadable` */
function readVariable(environment: NodeJS.ProcessEnv, name: string): string | null {
  const plain = (environment[name] ?? "").trim();
  if (plain !== "") return plain;
  const file = environment[`${name}_FILE`] ?? "";
  if (file === "") return null;
  try {
    const text = readFileSync(file, "utf8").split("\n", 1)[0]?.trim() ?? "";
    return text === "" ? null : text;
  } catch {
    throw new Failure("invalid", "settings.secret-unreadable", { message: `The file that ${name}_FILE names cannot be read.` });
  }
}
