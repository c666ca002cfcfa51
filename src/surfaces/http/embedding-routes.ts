import { Failure } from "../../core/shared/failure.ts";
import { commandAnswer, reasonBody } from "../../contract/fields.ts";
import { type EmbeddingBody, embeddingBody, embeddingsDocument } from "../../contract/embedding-contract.ts";
import { readProviders } from "../../engine/gate/read-providers.ts";
import { embeddingsView } from "../../engine/memory/embedding-view.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies } from "./http-dependencies.ts";
import { answerOf, command, reading } from "./references.ts";

/** Which model makes vectors for the search. */
export const embeddingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/embeddings",
    summary: "The model that makes vectors of texts for the search, how many have one, what it cost and the last failure",
    answer: embeddingsDocument,
    run: async (use, { member }) => {
      const view = await reading(use, member, (reader) => embeddingsView(reader, { viewer: member.person, projects: member.projects }));
      return { schema: "xvc.embeddings/1" as const, ...view, providers: [...view.providers], currency: member.organization.currency };
    },
  }),
  endpoint({
    method: "post",
    path: "/api/embeddings",
    summary: "Choose the model that makes vectors of texts for the search; nothing leaves for a hosted one but of projects allowed to it",
    body: embeddingBody,
    answer: commandAnswer,
    run: choose,
  }),
  endpoint({
    method: "post",
    path: "/api/embeddings/off",
    summary: "Search by words alone again; vectors that were made stay",
    body: reasonBody,
    answer: commandAnswer,
    run: async (use, call) =>
      answerOf(await command(use, call, { projectId: null, command: { kind: "end-embeddings" } }), { label: "off" }),
  }),
];

async function choose(use: HttpDependencies, call: Call<unknown, EmbeddingBody>) {
  const { provider: said, model, anew } = call.body;
  const known = await reading(use, call.member, readProviders);
  const provider = known.find(({ id }) => id === said) ?? known.find(({ name }) => name === said);
  if (provider === undefined)
    throw new Failure("not-found", "provider.not-found", {
      message: `There is no provider ${said}. xvc model list shows those there are.`,
    });
  const sent = await command(use, call, { projectId: null, command: { kind: "choose-embedding", providerId: provider.id, model, anew } });
  return answerOf(sent, { label: `${provider.name}/${model}` });
}
