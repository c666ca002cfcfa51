import { type Agent, agentFacts } from "../../core/gate/agent.ts";
import type { ControlAgent } from "../../core/gate/decide-agent.ts";
import { Failure } from "../../core/shared/failure.ts";
import { type AgentBody, agentBody, agentTested, agentsDocument } from "../../contract/agent-contract.ts";
import { commandAnswer, reasonBody } from "../../contract/fields.ts";
import { readAgents } from "../../engine/gate/read-agents.ts";
import { readProviders } from "../../engine/gate/read-providers.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { answerOf, command, reading } from "./references.ts";

const isSteward = ({ person }: Member): boolean => person.roles.some((role) => role === "administrator" || role === "director");

const listAgents = endpoint({
  method: "get",
  path: "/api/agents",
  summary: "Coding agents that are connected, and those found on the server's PATH",
  answer: agentsDocument,
  run: async (use, { member }) => {
    const [agents, providers] = await reading(use, member, (reader) => Promise.all([readAgents(reader), readProviders(reader)]));
    const found = await use.agents.found();
    return {
      schema: "xvc.agents/1" as const,
      items: agents.map(({ id, name, state, form, providerId, model, command: declared, lastTest }, at) => ({
        id,
        name,
        state,
        form,
        provider: providers.find((one) => one.id === providerId)?.name ?? null,
        model,
        argv: [...(declared?.argv ?? [])],
        place: at + 1,
        lastTest,
      })),
      found: found.map(({ form, program, version }) => {
        const { title, program: looksFor, vendors } = agentFacts[form];
        return { form, title, looksFor: looksFor ?? "", program, version, vendors: [...vendors] };
      }),
      unavailable: use.agents.unavailable,
      mayChange: isSteward(member),
    };
  },
});

const addAgent = endpoint({
  method: "post",
  path: "/api/agents",
  summary: "Connect a coding agent; it reaches the model provider that is named here and nothing else",
  body: agentBody,
  answer: commandAnswer,
  status: 201,
  run: async (use, call: Call<unknown, AgentBody>) => {
    const { body, member } = call;
    // Whoever may not do it anyway is told so by the command.
    if (member.keyed && isSteward(member))
      throw new Failure("forbidden", "agent.made-by-key", {
        message: "A key connects no agents. Do it where you are signed in, or with xvc on the server's machine.",
      });
    const { name, form, model = null, command: declared = null } = body;
    const providerId = body.provider === undefined ? null : await providerOf(use, member, body.provider);
    const given = { kind: "add-agent", name, form, providerId, model, command: declared } as const;
    return answerOf(await command(use, call, { projectId: null, command: given }), { label: name });
  },
});

async function providerOf(use: HttpDependencies, member: Member, reference: string): Promise<string> {
  const known = await reading(use, member, readProviders);
  const found = known.find(({ id, name }) => id === reference || name === reference);
  if (found !== undefined) return found.id;
  throw new Failure("not-found", "provider.not-found", {
    message: `There is no provider ${reference}. xvc model list shows those there are.`,
  });
}

const testAgent = endpoint({
  method: "post",
  path: "/api/agents/{reference}/test",
  summary: "Start a coding agent without a task and say what was seen",
  body: reasonBody,
  answer: agentTested,
  run: async (use, call) => {
    const agent = await agentOf(use, call);
    if (!isSteward(call.member))
      throw new Failure("forbidden", "agent.not-a-steward", { message: "Agents are an administrator's or director's to try." });
    const providers = await reading(use, call.member, readProviders);
    const test = await use.agents.test(agent, providers.find(({ id }) => id === agent.providerId)?.vendor ?? null);
    await command(use, call, { projectId: null, command: { kind: "report-agent-test", agentId: agent.id, test } });
    return { schema: "xvc.agent-tested/1" as const, id: agent.id, ...test };
  },
});

const control = (verb: "pause" | "resume" | "remove", summary: string): Endpoint =>
  endpoint({
    method: "post",
    path: `/api/agents/{reference}/${verb}`,
    summary,
    body: reasonBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const agent = await agentOf(use, call);
      const kind: ControlAgent["kind"] = `${verb}-agent`;
      return answerOf(await command(use, call, { projectId: null, command: { kind, agentId: agent.id } }), { label: agent.name });
    },
  });

export const agentRoutes = (): readonly Endpoint[] => [
  listAgents,
  addAgent,
  testAgent,
  control("pause", "Start a coding agent for nothing for the time being"),
  control("resume", "Let a coding agent be started again"),
  control("remove", "Remove a coding agent; its program stays where it is"),
];

/** The agent an id or a name stands for. @throws {Failure} `agent.not-found` */
async function agentOf(use: HttpDependencies, { member, reference }: Pick<Call<unknown, unknown>, "member" | "reference">): Promise<Agent> {
  const known = await reading(use, member, readAgents);
  const found = known.find(({ id, name }) => id === reference || name === reference);
  if (found !== undefined) return found;
  throw new Failure("not-found", "agent.not-found", { message: `There is no agent ${reference}. xvc agent list shows those there are.` });
}
