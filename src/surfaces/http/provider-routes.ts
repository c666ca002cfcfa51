import { type Provider, vendorAddresses } from "../../core/gate/provider.ts";
import type { ControlProvider } from "../../core/gate/decide-provider.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import { commandAnswer, reasonBody } from "../../contract/fields.ts";
import {
  type ProviderBody,
  type ProviderChangeBody,
  type ProviderUseBody,
  providerBody,
  providerChangeBody,
  providerTested,
  providerUseBody,
  providersDocument,
  turnsDocument,
} from "../../contract/provider-contract.ts";
import { turnsView } from "../../engine/execution/turn-view.ts";
import { keepModelKey } from "../../engine/gate/model-keys.ts";
import { providersView } from "../../engine/gate/provider-view.ts";
import { readProviders } from "../../engine/gate/read-providers.ts";
import { tryProvider } from "../../engine/gate/try-provider.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { answerOf, command, projectOf, reading, taskOf } from "./references.ts";

const listProviders = endpoint({
  method: "get",
  path: "/api/providers",
  summary: "Model providers in the order in which they are asked, without their keys",
  answer: providersDocument,
  run: async (use, { member }) => {
    const asked = { viewer: member.person, projects: member.projects, hasVariable: use.models.hasVariable };
    const view = await reading(use, member, (reader) => providersView(reader, asked));
    return { schema: "xvc.providers/1" as const, ...view, items: [...view.items], vendors: [...view.vendors], leaves: [...view.leaves] };
  },
});

const addProvider = endpoint({
  method: "post",
  path: "/api/providers",
  summary: "Connect a model provider; its key is sealed and never shown again",
  body: providerBody,
  answer: commandAnswer,
  status: 201,
  run: add,
});

const changeProvider = endpoint({
  method: "post",
  path: "/api/providers/{reference}",
  summary: "Change a provider's models, limits, key or place in the order",
  body: providerChangeBody,
  answer: commandAnswer,
  run: change,
});

const testProvider = endpoint({
  method: "post",
  path: "/api/providers/{reference}/test",
  summary: "Ask a provider one tiny thing now and say what came of it",
  body: reasonBody,
  answer: providerTested,
  run: test,
});

const control = (verb: "pause" | "resume" | "remove", summary: string): Endpoint =>
  endpoint({
    method: "post",
    path: `/api/providers/{reference}/${verb}`,
    summary,
    body: reasonBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const provider = await providerOf(use, call);
      const kind: ControlProvider["kind"] = `${verb}-provider`;
      const sent = await command(use, call, { projectId: null, command: { kind, providerId: provider.id } });
      if (verb === "remove") await use.reach.reachStore.forgetSecret(asId(call.member.organization.id), provider.id);
      return answerOf(sent, { label: provider.name });
    },
  });

const allowing = (verb: "allow" | "disallow", summary: string): Endpoint =>
  endpoint({
    method: "post",
    path: `/api/providers/{reference}/${verb}`,
    summary,
    body: providerUseBody,
    answer: commandAnswer,
    run: async (use, call: Call<unknown, ProviderUseBody>) => {
      const provider = await providerOf(use, call);
      const { project, reason, shown } = call.body;
      const { id: projectId } = projectOf(call.member, { reference: project, rehearsal: false });
      const decided = { kind: `${verb}-provider`, providerId: provider.id, projectId, reason, shown: [...shown] } as const;
      return answerOf(await command(use, call, { projectId, command: decided }), { label: provider.name });
    },
  });

const listTurns = endpoint({
  method: "get",
  path: "/api/tasks/{reference}/turns",
  summary: "What a model said, called and cost in a task, the newest first",
  answer: turnsDocument,
  run: async (use, { member, reference }) => {
    const { row } = await taskOf(use, member, reference);
    const { items, notes, ...standing } = await reading(use, member, (reader) => turnsView(reader, row.id));
    return {
      schema: "xvc.turns/1" as const,
      items: items.map((turn) => ({ ...turn, calls: [...turn.calls], route: { ...turn.route, over: [...turn.route.over] } })),
      currency: member.organization.currency,
      ...standing,
      notes: [...notes],
    };
  },
});

export const providerRoutes = (): readonly Endpoint[] => [
  listProviders,
  addProvider,
  changeProvider,
  testProvider,
  control("pause", "Ask a provider nothing for the time being"),
  control("resume", "Ask a provider again"),
  control("remove", "Remove a provider and its key"),
  allowing("allow", "Let a project's contexts go to a hosted provider; the decision is recorded with what leaves"),
  allowing("disallow", "Let a project's contexts go to a hosted provider no longer"),
  listTurns,
];

/** The provider an id or a name stands for. @throws {Failure} `provider.not-found` */
async function providerOf(
  use: HttpDependencies,
  { member, reference }: Pick<Call<unknown, unknown>, "member" | "reference">,
): Promise<Provider> {
  const known = await reading(use, member, readProviders);
  const found = known.find(({ id }) => id === reference) ?? known.find(({ name }) => name === reference);
  if (found !== undefined) return found;
  throw new Failure("not-found", "provider.not-found", {
    message: `There is no provider ${reference}. xvc model list shows those there are.`,
  });
}

/** A program's key could be one that was stolen: it must not be able to lead contexts elsewhere. */
function refuseKeyed(member: Member): void {
  // Whoever may not do it anyway is told so by the command.
  if (member.keyed && member.person.roles.some((role) => role === "administrator" || role === "director"))
    throw new Failure("forbidden", "provider.made-by-key", {
      message: "A key connects no providers. Do it where you are signed in, or with xvc on the server's machine.",
    });
}

/** Where it answers: said, or the vendor's own address. @throws {Failure} `provider.address-missing`, `egress.address-refused` */
function addressOf(use: HttpDependencies, { vendor, baseUrl, local }: ProviderBody): string {
  const said = (baseUrl ?? vendorAddresses[vendor] ?? "").replace(/\/+$/u, "");
  if (said === "")
    throw new Failure("invalid", "provider.address-missing", {
      message: "Say where it answers, such as http://127.0.0.1:11434/v1 for Ollama on the server's machine.",
    });
  use.models.check(said, local ? "house" : "outside");
  const url = new URL(said);
  if (!local && url.protocol !== "https:")
    throw new Failure("invalid", "provider.not-encrypted", {
      message: "A hosted provider is reached by https only: its key and your texts go there.",
    });
  if (url.search !== "" || url.hash !== "")
    throw new Failure("invalid", "provider.address-missing", { message: "The address has no question mark and no number sign." });
  return said;
}

async function add(use: HttpDependencies, call: Call<unknown, ProviderBody>) {
  refuseKeyed(call.member);
  const { body, member } = call;
  const { name, vendor, models, local, requestsPerMinute = null, tokensPerMinute = null, key } = body;
  const baseUrl = addressOf(use, body);
  const keyFrom = key !== undefined ? "vault" : local ? "none" : "environment";
  const windows = { requestsPerMinute, tokensPerMinute };
  const given = { kind: "add-provider", name, vendor, baseUrl, models: [...models], local, windows, keyFrom } as const;
  const sent = await command(use, call, { projectId: null, command: given });
  const providerId = typeof sent["id"] === "string" ? sent["id"] : "";
  if (key !== undefined) await keepModelKey(use.reach, { organizationId: member.organization.id, providerId, key });
  return answerOf(sent, { label: name });
}

async function change(use: HttpDependencies, call: Call<unknown, ProviderChangeBody>) {
  refuseKeyed(call.member);
  const { body, member } = call;
  const provider = await providerOf(use, call);
  const { models = null, place = null, key, requestsPerMinute, tokensPerMinute } = body;
  const windows =
    requestsPerMinute === undefined && tokensPerMinute === undefined
      ? null
      : {
          requestsPerMinute: requestsPerMinute === undefined ? provider.windows.requestsPerMinute : requestsPerMinute,
          tokensPerMinute: tokensPerMinute === undefined ? provider.windows.tokensPerMinute : tokensPerMinute,
        };
  const keyFrom = key === undefined ? null : "vault";
  const given = {
    kind: "change-provider",
    providerId: provider.id,
    models: models === null ? null : [...models],
    windows,
    place,
    keyFrom,
  } as const;
  const sent = await command(use, call, { projectId: null, command: given });
  if (key !== undefined) await keepModelKey(use.reach, { organizationId: member.organization.id, providerId: provider.id, key });
  return answerOf(sent, { label: provider.name });
}

async function test(use: HttpDependencies, call: Call<unknown, unknown>) {
  const provider = await providerOf(use, call);
  await command(use, call, { projectId: null, command: { kind: "begin-provider-test", providerId: provider.id } });
  const { engine, clock, ids } = use;
  const shown = await tryProvider({ engine, clock, ids, models: use.models.models }, asId(call.member.organization.id), provider);
  await command(
    use,
    { ...call, key: `${call.key}:end` },
    { projectId: null, command: { kind: "end-provider-test", providerId: provider.id, test: shown } },
  );
  return { schema: "xvc.provider-tested/1" as const, id: provider.id, ...shown };
}
