import { guardedStream } from "../../src/adapters/egress/guarded-stream.ts";
import { aiModels } from "../../src/adapters/models/ai-models.ts";
import { modelKeys } from "../../src/engine/gate/model-keys.ts";
import type { ReachStore, Vault } from "../../src/engine/ports/vault.ts";
import type { HttpDependencies } from "../../src/surfaces/http/http-dependencies.ts";

/** Models as a server has them, with an environment that holds nothing. */
export function modelsHere(parts: { readonly vault: Vault; readonly reachStore: ReachStore }): HttpDependencies["models"] {
  const egress = guardedStream({ allowed: [] });
  return {
    models: aiModels({ egress, findKey: modelKeys({ ...parts, environment: () => null }) }),
    check: (url, reach) => egress.check(url, reach),
    hasVariable: () => false,
  };
}
