import { Failure } from "../../core/shared/failure.ts";
import { readLink } from "../../core/personas/model-link.ts";
import { commandAnswer } from "../../contract/fields.ts";
import { type ModelChainBody, modelChainBody, modelChainsDocument } from "../../contract/model-chain-contract.ts";
import { modelChainsView } from "../../engine/gate/model-chain-view.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies } from "./http-dependencies.ts";
import { answerOf, command, projectOf, reading } from "./references.ts";

const listChains = endpoint({
  method: "get",
  path: "/api/model-chains",
  summary: "Which models are asked in which order, and when the next one is",
  answer: modelChainsDocument,
  run: async (use, { member }) => {
    const asked = { organizationId: member.organization.id, projects: member.projects };
    const { items, rules } = await reading(use, member, (reader) => modelChainsView(reader, asked));
    return {
      schema: "xvc.model-chains/1" as const,
      items: items.map((item) => ({ ...item, links: [...item.links] })),
      rules: [...rules],
    };
  },
});

const setChain = endpoint({
  method: "post",
  path: "/api/model-chains",
  summary: "Say which models are asked, in order, for all work, a project's or a persona's; an empty list says nothing",
  body: modelChainBody,
  answer: commandAnswer,
  run: set,
});

/** Chains of models. */
export const modelChainRoutes = (): readonly Endpoint[] => [listChains, setChain];

async function set(use: HttpDependencies, call: Call<unknown, ModelChainBody>) {
  const { scope, of = "", links, reason } = call.body;
  const scopeId = scope === "organization" ? "" : scope === "project" ? projectOf(call.member, { reference: of, rehearsal: false }).id : of;
  const read = links.map((text) => {
    const link = readLink(text);
    if (link !== null) return link;
    throw new Failure("invalid", "chain.link-unreadable", { message: `"${text}" names no model; write provider/model.` });
  });
  const answer = await command(use, call, {
    projectId: null,
    command: { kind: "set-model-chain", scope, scopeId, links: read, reason },
  });
  return answerOf(answer, { label: of === "" ? "organization" : of });
}
