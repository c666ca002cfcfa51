import { isActive } from "../oversight/authority.ts";
import type { Person, Project } from "../oversight/person.ts";
import { recordDecision } from "../oversight/record-decision.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, beginStep, beginTransition, refuse } from "../shared/transition.ts";
import {
  type ModelVendor,
  type Provider,
  type ProviderTest,
  type ProviderWindows,
  maxProviderModels,
  maxProviderProjects,
  maxProviders,
  providerKind,
  whatLeaves,
} from "./provider.ts";

export interface AddProvider {
  readonly kind: "add-provider";
  readonly name: string;
  readonly vendor: ModelVendor;
  readonly baseUrl: string;
  readonly models: readonly string[];
  readonly local: boolean;
  readonly windows: ProviderWindows;
  readonly keyFrom: Provider["keyFrom"];
}

/** Changes what is not null; whether it is local and where it is stay as they were declared. */
export interface ChangeProvider {
  readonly kind: "change-provider";
  readonly providerId: string;
  readonly models: readonly string[] | null;
  readonly windows: ProviderWindows | null;
  /** The place in the order of asking, 1 for the first. */
  readonly place: number | null;
  readonly keyFrom: Provider["keyFrom"] | null;
}

export interface ControlProvider {
  readonly kind: "pause-provider" | "resume-provider" | "remove-provider";
  readonly providerId: string;
}

/** A provider is about to be asked one tiny thing: written first, so that many at once cannot spend. */
export interface BeginProviderTest {
  readonly kind: "begin-provider-test";
  readonly providerId: string;
}

export interface EndProviderTest {
  readonly kind: "end-provider-test";
  readonly providerId: string;
  readonly test: Omit<ProviderTest, "atMs">;
}

/** Decides whether contexts of a project may leave for a hosted provider. */
export interface AllowProvider {
  readonly kind: "allow-provider" | "disallow-provider";
  readonly providerId: string;
  readonly projectId: string;
  readonly reason: string;
  /** What the person was shown to leave; it has to be what leaves. */
  readonly shown: readonly string[];
}

/** The least time between two tests of a provider. */
export const providerTestPauseMs = 5_000;

const namePattern = /^[a-z0-9][a-z0-9._-]{0,39}$/u;
const modelPattern = /^[^\s\p{Cc}\p{Cf}]{1,120}$/u;

function modelsProblem(models: readonly string[]): Refusal | null {
  if (models.length === 0 || models.length > maxProviderModels || new Set(models).size !== models.length)
    return refuse("invalid", "provider.models-invalid", `Name 1 to ${maxProviderModels} different models, the one to ask first.`);
  return models.every((model) => modelPattern.test(model))
    ? null
    : refuse("invalid", "provider.models-invalid", "A model's name has no spaces and at most 120 characters.");
}

const isWindow = (value: number | null): boolean => value === null || (Number.isSafeInteger(value) && value > 0 && value <= 1_000_000_000);

const windowsProblem = ({ requestsPerMinute, tokensPerMinute }: ProviderWindows): Refusal | null =>
  isWindow(requestsPerMinute) && isWindow(tokensPerMinute)
    ? null
    : refuse(
        "invalid",
        "provider.windows-invalid",
        "What goes through in a minute is a whole number above 0; leave it empty when nobody has said.",
      );

const stewardProblem = (person: Person | undefined): Refusal | null =>
  isActive(person) && person.roles.some((role) => role === "administrator" || role === "director")
    ? null
    : refuse("forbidden", "provider.not-a-steward", "Model providers are an administrator's or director's.");

export interface ProvidersSlice {
  readonly person: Person | undefined;
  /** All that are not removed. */
  readonly held: readonly Provider[];
}

/** Connects a provider as the last one in the order. No project uses a hosted one before a person allows it. */
export function decideNewProvider({ person, held }: ProvidersSlice, command: AddProvider, context: DecideContext): Decided {
  const problem = stewardProblem(person) ?? modelsProblem(command.models) ?? windowsProblem(command.windows);
  if (problem !== null) return problem;
  if (!namePattern.test(command.name))
    return refuse(
      "invalid",
      "provider.name-invalid",
      "A provider's name has 1 to 40 small letters, digits, dots and dashes, such as anthropic or ollama.",
    );
  if (held.some(({ name }) => name === command.name))
    return refuse("conflict", "provider.name-taken", `There is a provider named "${command.name}" already; choose another name.`);
  if (held.length >= maxProviders)
    return refuse("exhausted", "provider.too-many", `There are ${maxProviders} providers, the most there can be; remove one first.`);
  const draft = beginTransition();
  const { name, vendor, baseUrl, models, local, windows, keyFrom } = command;
  const provider = draft.create(providerKind, {
    id: context.newId(),
    name,
    state: "active",
    vendor,
    baseUrl,
    models,
    local,
    windows,
    rank: 1 + held.reduce((most, { rank }) => Math.max(most, rank), 0),
    projectIds: [],
    keyFrom,
    lastTest: null,
  });
  draft.record(providerKind, provider, "provider.added", { name, vendor, local, models: [...models] });
  return draft.accept({ id: provider.id, state: provider.state, label: name });
}

/** Changes models, windows, key or place. The others close up, so that places stay 1, 2, 3, ... */
export function decideProviderChange({ person, held }: ProvidersSlice, command: ChangeProvider, _context: DecideContext): Decided {
  const provider = held.find(({ id }) => id === command.providerId);
  if (provider === undefined) return gone();
  const problem = stewardProblem(person) ?? changeProblem(command, held.length);
  if (problem !== null) return problem;
  const { models, windows, place, keyFrom } = command;
  const draft = beginTransition();
  const changed = draft.change(providerKind, provider, given({ models, windows, keyFrom }));
  if (place !== null) {
    const others = held.filter(({ id }) => id !== provider.id).toSorted((left, right) => left.rank - right.rank);
    others.splice(place - 1, 0, changed);
    for (const [at, one] of others.entries()) if (one.rank !== at + 1) draft.change(providerKind, one, { rank: at + 1 });
  }
  draft.record(providerKind, changed, "provider.changed", {
    name: provider.name,
    ...given({ models, place }),
    ...(keyFrom === null ? {} : { newKey: true }),
  });
  return draft.accept({ id: provider.id, state: provider.state, label: provider.name });
}

function changeProblem({ models, windows, place }: ChangeProvider, count: number): Refusal | null {
  const problem = (models === null ? null : modelsProblem(models)) ?? (windows === null ? null : windowsProblem(windows));
  if (problem !== null || place === null || (Number.isSafeInteger(place) && place >= 1 && place <= count)) return problem;
  return refuse("invalid", "provider.place-invalid", `A place in the order is a number from 1 to ${count}.`);
}

/** The fields that were said. */
const given = <Fields extends object>(fields: Fields): { readonly [name in keyof Fields]?: NonNullable<Fields[name]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as never; // the same fields without null

const gone = (): Refusal => refuse("not-found", "provider.not-found", "There is no such provider; xvc model list shows those there are.");

export interface ProviderSlice {
  readonly person: Person | undefined;
  readonly provider: Provider;
}

const moves: {
  readonly [kind in ControlProvider["kind"]]: { readonly from: readonly Provider["state"][]; readonly to: Provider["state"] };
} = {
  "pause-provider": { from: ["active"], to: "paused" },
  "resume-provider": { from: ["paused"], to: "active" },
  "remove-provider": { from: ["active", "paused"], to: "removed" },
};

/** Pauses, resumes or removes a provider. A call on its way is not cut off by this; a halt does that. */
export function decideProviderControl({ person, provider }: ProviderSlice, command: ControlProvider, _context: DecideContext): Decided {
  const problem = stewardProblem(person);
  if (problem !== null) return problem;
  const { from, to } = moves[command.kind];
  if (!from.includes(provider.state))
    return refuse("conflict", "provider.wrong-state", `The provider is ${provider.state}; this cannot be done to it now.`);
  const draft = beginTransition();
  const changed = draft.change(providerKind, provider, { state: to });
  draft.record(providerKind, changed, to === "active" ? "provider.resumed" : to === "paused" ? "provider.paused" : "provider.removed", {
    name: provider.name,
  });
  return draft.accept({ id: provider.id, state: to, label: provider.name });
}

const beingTried = "being tried";

/** Takes the turn to try a provider. */
export function decideProviderTestBegin({ person, provider }: ProviderSlice, _command: BeginProviderTest, context: DecideContext): Decided {
  const problem = stewardProblem(person);
  if (problem !== null) return problem;
  if (provider.state === "removed") return gone();
  const waitMs = provider.lastTest === null ? 0 : provider.lastTest.atMs + providerTestPauseMs - context.nowMs;
  if (waitMs > 0)
    return refuse("exhausted", "provider.tested-just-now", "This provider was tried a moment ago; try again in a few seconds.", {
      retryAfterMs: waitMs,
    });
  const draft = beginTransition();
  const nothing = { latencyMs: null, answeredBy: null, inputTokens: null, outputTokens: null };
  draft.change(providerKind, provider, { lastTest: { atMs: context.nowMs, ok: false, detail: beingTried, ...nothing } });
  return draft.accept({ id: provider.id, state: provider.state, label: provider.name });
}

/** Keeps what a test that was begun has shown. */
export function decideProviderTestEnd({ provider }: ProviderSlice, { test }: EndProviderTest, context: DecideContext): Decided {
  if (provider.lastTest?.detail !== beingTried) return refuse("conflict", "provider.not-tried", "No test of this provider is under way.");
  const draft = beginTransition();
  draft.change(providerKind, provider, { lastTest: { ...test, atMs: context.nowMs, detail: test.detail.slice(0, 300) } });
  return draft.accept({ id: provider.id, state: provider.state, label: provider.name, ok: test.ok });
}

export interface AllowSlice extends ProviderSlice {
  readonly project: Project;
}

/** Puts a person's decision on record that contexts of a project may go to a hosted provider, or may no longer. */
export function decideProviderUse({ person, provider, project }: AllowSlice, command: AllowProvider, context: DecideContext): Decided {
  const problem = stewardProblem(person) ?? useProblem(provider, project, command);
  if (problem !== null) return problem;
  const allow = command.kind === "allow-provider";
  const step = beginStep(context);
  const others = provider.projectIds.filter((id) => id !== project.id);
  const changed = step.draft.change(providerKind, provider, { projectIds: allow ? [...others, project.id] : others });
  step.draft.record(providerKind, changed, allow ? "provider.allowed" : "provider.disallowed", {
    name: provider.name,
    projectId: project.id,
  });
  recordDecision(step, {
    requestId: null,
    subjectKind: "provider",
    subjectId: provider.id,
    question: `May contexts of a project leave for ${provider.name} (${provider.vendor}, ${hostOf(provider.baseUrl)})?`,
    options: [
      { id: "allow", label: "They may" },
      { id: "keep", label: "They stay in the house" },
    ],
    choice: allow ? "allow" : "keep",
    rationale: command.reason,
    evidence: { projectId: project.id, leaves: [...command.shown] },
    authority: "provider.steward",
    soloWaiver: false,
  });
  return step.draft.accept({ id: provider.id, state: provider.state, label: provider.name });
}

/** The host of an address whose form was checked when the provider was added. */
const hostOf = (url: string): string => /^[a-z]+:\/\/([^/?#]+)/u.exec(url)?.[1] ?? url;

function useProblem(provider: Provider, project: Project, { kind, shown }: AllowProvider): Refusal | null {
  if (provider.state === "removed") return gone();
  if (provider.local) return refuse("invalid", "provider.local", `${provider.name} is local: it serves every project, and nothing leaves.`);
  const allowed = provider.projectIds.includes(project.id);
  if (kind === "disallow-provider")
    return allowed ? null : refuse("conflict", "provider.not-in-use", "This project does not use this provider.");
  if (project.mode !== "real") return refuse("invalid", "provider.rehearsal", "A rehearsal asks no model; its work is scripted.");
  if (allowed) return refuse("conflict", "provider.in-use", "This project may use this provider already.");
  if (provider.projectIds.length >= maxProviderProjects)
    return refuse("exhausted", "provider.too-many-projects", `A provider serves at most ${maxProviderProjects} projects.`);
  return shown.length === whatLeaves.length && shown.every((line, at) => line === whatLeaves[at])
    ? null
    : refuse("conflict", "provider.not-shown", "What would leave has changed since it was shown; look at it again and decide then.", {
        leaves: [...whatLeaves],
      });
}
