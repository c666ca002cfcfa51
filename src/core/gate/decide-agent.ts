import { isActive } from "../oversight/authority.ts";
import type { Person } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, beginTransition, refuse } from "../shared/transition.ts";
import { type Agent, type AgentForm, type AgentTest, type DeclaredCommand, agentFacts, agentKind, agentLimits } from "./agent.ts";
import type { Provider } from "./provider.ts";

export interface AddAgent {
  readonly kind: "add-agent";
  readonly name: string;
  readonly form: AgentForm;
  readonly providerId: string | null;
  /** Null: the provider's first one. */
  readonly model: string | null;
  readonly command: DeclaredCommand | null;
}

export interface ControlAgent {
  readonly kind: "pause-agent" | "resume-agent" | "remove-agent";
  readonly agentId: string;
}

/** Keeps what starting an agent without a task has shown. */
export interface ReportAgentTest {
  readonly kind: "report-agent-test";
  readonly agentId: string;
  readonly test: Omit<AgentTest, "atMs">;
}

export type AgentCommand = AddAgent | ControlAgent | ReportAgentTest;

export interface NewAgentSlice {
  readonly person: Person | undefined;
  /** All that are not removed. */
  readonly held: readonly Agent[];
  readonly provider: Provider | undefined;
}

const namePattern = /^[a-z0-9][a-z0-9._-]{0,39}$/u;

const stewardProblem = (person: Person | undefined): Refusal | null =>
  isActive(person) && person.roles.some((role) => role === "administrator" || role === "director")
    ? null
    : refuse("forbidden", "agent.not-a-steward", "Agents are an administrator's or director's to connect.");

function commandProblem({ form, command }: AddAgent): Refusal | null {
  if (form !== "command")
    return command === null ? null : refuse("invalid", "agent.command-invalid", "Only the form command takes a command line.");
  if (command === null)
    return refuse("invalid", "agent.command-invalid", "Declare its command line: the program, then one word for each argument.");
  const { argv, timeoutMs } = command;
  const isWord = (word: string): boolean => word !== "" && word.length <= agentLimits.wordChars && !/\p{Cc}/u.test(word);
  if (argv.length === 0 || argv.length > agentLimits.words || !argv.every(isWord))
    return refuse("invalid", "agent.command-invalid", `A command line has 1 to ${agentLimits.words} words of one line each.`);
  const { minTimeoutMs, maxTimeoutMs } = agentLimits;
  return Number.isSafeInteger(timeoutMs) && timeoutMs >= minTimeoutMs && timeoutMs <= maxTimeoutMs
    ? null
    : refuse("invalid", "agent.command-invalid", `Its time limit is ${minTimeoutMs / 1_000} to ${maxTimeoutMs / 1_000} seconds.`);
}

function providerProblem({ form, providerId, model }: AddAgent, provider: Provider | undefined): Refusal | null {
  if (providerId === null)
    return form === "command"
      ? null
      : refuse(
          "invalid",
          "agent.provider-missing",
          `Say which model provider ${agentFacts[form].title} may reach; it reaches nothing else.`,
        );
  if (provider === undefined || provider.state === "removed")
    return refuse("not-found", "provider.not-found", "There is no such provider; xvc model list shows those there are.");
  if (!agentFacts[form].vendors.includes(provider.vendor))
    return refuse(
      "invalid",
      "agent.provider-unfit",
      `${agentFacts[form].title} cannot be pointed at a provider of the vendor ${provider.vendor}; it speaks ${agentFacts[form].vendors.join(", ")}.`,
    );
  return model === null || provider.models.includes(model)
    ? null
    : refuse("invalid", "agent.model-unknown", `The provider has no model ${model}; it has ${provider.models.join(", ")}.`);
}

function nameProblem({ name }: AddAgent, held: readonly Agent[]): Refusal | null {
  if (!namePattern.test(name))
    return refuse("invalid", "agent.name-invalid", "An agent's name has 1 to 40 small letters, digits, dots and dashes.");
  if (held.some((one) => one.name === name))
    return refuse("conflict", "agent.name-taken", `There is an agent named "${name}" already; choose another name.`);
  if (held.length >= agentLimits.agents)
    return refuse("exhausted", "agent.too-many", `There are ${agentLimits.agents} agents, the most there can be; remove one first.`);
  return null;
}

const modelOf = ({ providerId, model }: AddAgent, provider: Provider | undefined): string | null =>
  providerId === null ? null : (model ?? provider?.models[0] ?? null);

/** Connects an agent as the last one in the order. */
export function decideNewAgent({ person, held, provider }: NewAgentSlice, command: AddAgent, context: DecideContext): Decided {
  const problem = stewardProblem(person) ?? commandProblem(command) ?? providerProblem(command, provider) ?? nameProblem(command, held);
  if (problem !== null) return problem;
  const { name, form } = command;
  const draft = beginTransition();
  const agent = draft.create(agentKind, {
    id: context.newId(),
    name,
    state: "active",
    form,
    providerId: command.providerId,
    model: modelOf(command, provider),
    command: command.command,
    rank: 1 + held.reduce((most, { rank }) => Math.max(most, rank), 0),
    lastTest: null,
  });
  draft.record(agentKind, agent, "agent.added", { name, form, provider: provider?.name ?? null, model: agent.model });
  return draft.accept({ id: agent.id, state: agent.state, label: name });
}

export interface AgentSlice {
  readonly person: Person | undefined;
  readonly agent: Agent;
}

const moves = {
  "pause-agent": { from: ["active"], to: "paused" },
  "resume-agent": { from: ["paused"], to: "active" },
  "remove-agent": { from: ["active", "paused"], to: "removed" },
} as const;

/** Pauses, resumes or removes an agent. A run under way is not cut off by this; a halt does that. */
export function decideAgentControl({ person, agent }: AgentSlice, command: ControlAgent, _context: DecideContext): Decided {
  const problem = stewardProblem(person);
  if (problem !== null) return problem;
  const { from, to } = moves[command.kind];
  if (!from.some((state) => state === agent.state))
    return refuse("conflict", "agent.wrong-state", `The agent is ${agent.state}; this cannot be done to it now.`);
  const draft = beginTransition();
  const changed = draft.change(agentKind, agent, { state: to });
  draft.record(agentKind, changed, to === "active" ? "agent.resumed" : to === "paused" ? "agent.paused" : "agent.removed", {
    name: agent.name,
  });
  return draft.accept({ id: agent.id, state: to, label: agent.name });
}

export function decideAgentTest({ person, agent }: AgentSlice, { test }: ReportAgentTest, context: DecideContext): Decided {
  const problem = stewardProblem(person);
  if (problem !== null) return problem;
  if (agent.state === "removed")
    return refuse("not-found", "agent.not-found", "There is no such agent; xvc agent list shows those there are.");
  const draft = beginTransition();
  draft.change(agentKind, agent, { lastTest: { ...test, atMs: context.nowMs, detail: test.detail.slice(0, 300) } });
  return draft.accept({ id: agent.id, state: agent.state, label: agent.name, ok: test.ok });
}
