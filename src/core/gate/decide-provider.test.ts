import { expect, test } from "vitest";
import type { Person, Project, Role } from "../oversight/person.ts";
import type { Decided } from "../shared/transition.ts";
import {
  type AddProvider,
  type AllowProvider,
  type ChangeProvider,
  type ControlProvider,
  decideNewProvider,
  decideProviderChange,
  decideProviderControl,
  decideProviderTestBegin,
  decideProviderTestEnd,
  decideProviderUse,
  providerTestPauseMs,
} from "./decide-provider.ts";
import { type Provider, maxProviderModels, maxProviderProjects, maxProviders, mayServe, servingProviders, whatLeaves } from "./provider.ts";

const context = { actor: { kind: "person", id: "me" }, nowMs: 10_000, newId: () => "new" } as const;
const member = (role: Role, state: Person["state"] = "active"): Person => ({ id: "me", state, roles: [role] }) as unknown as Person; // what is looked at
const strangers = [undefined, member("lead"), member("administrator", "left" as Person["state"])];
const noWindows = { requestsPerMinute: null, tokensPerMinute: null };
const provider = (fields: Partial<Provider> = {}): Provider =>
  ({
    id: "p1",
    version: 1,
    eventCount: 1,
    name: "hosted",
    state: "active",
    vendor: "openai",
    baseUrl: "https://models.example.org/v1?x",
    models: ["small"],
    local: false,
    windows: noWindows,
    rank: 1,
    projectIds: [],
    keyFrom: "vault",
    lastTest: null,
    ...fields,
  }) as Provider;
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const changesOf = (decided: Decided) => (decided.kind === "refused" ? decided.code : decided.transition.changes.map(({ after }) => after));

test("a provider is connected by a steward, last in the order, for no project yet", () => {
  const add = (
    command: Partial<AddProvider> = {},
    held: readonly Provider[] = [],
    person: Person | undefined = member("director"),
  ): Decided =>
    decideNewProvider(
      { person, held },
      {
        kind: "add-provider",
        name: "new-one",
        vendor: "openai",
        baseUrl: "https://a.example.org",
        models: ["small"],
        local: false,
        windows: noWindows,
        keyFrom: "vault",
        ...command,
      },
      context,
    );
  expect(changesOf(add({}, [provider({ rank: 4 })]))).toMatchObject([{ name: "new-one", rank: 5, projectIds: [] }]);
  expect(changesOf(add({ windows: { requestsPerMinute: 60, tokensPerMinute: 1_000 } }))).toMatchObject([{ rank: 1 }]);
  for (const person of strangers)
    expect(codeOf(decideNewProvider({ person, held: [] }, {} as AddProvider, context))).toBe("provider.not-a-steward");
  const many = Array.from({ length: maxProviderModels + 1 }, (_, at) => `m${at}`);
  for (const models of [[], many, ["a", "a"], ["a b"], ["x".repeat(121)], ["a\u202e"]])
    expect(codeOf(add({ models }))).toBe("provider.models-invalid");
  for (const value of [0, -1, 1.5, 2_000_000_000]) {
    expect(codeOf(add({ windows: { ...noWindows, requestsPerMinute: value } }))).toBe("provider.windows-invalid");
    expect(codeOf(add({ windows: { ...noWindows, tokensPerMinute: value } }))).toBe("provider.windows-invalid");
  }
  for (const name of ["", "New", "x".repeat(41)]) expect(codeOf(add({ name }))).toBe("provider.name-invalid");
  expect(codeOf(add({ name: "hosted" }, [provider()]))).toBe("provider.name-taken");
  const full = Array.from({ length: maxProviders }, (_, at) => provider({ id: `p${at}`, name: `n${at}` }));
  expect(codeOf(add({}, full))).toBe("provider.too-many");
});

test("a change keeps what is not said, and places stay 1, 2, 3", () => {
  const held = [provider(), provider({ id: "p2", name: "second", rank: 2 }), provider({ id: "p3", name: "third", rank: 3 })];
  const change = (command: Partial<ChangeProvider>, person: Person | undefined = member("administrator")): Decided =>
    decideProviderChange(
      { person, held },
      { kind: "change-provider", providerId: "p3", models: null, windows: null, place: null, keyFrom: null, ...command },
      context,
    );
  expect(changesOf(change({}))).toMatchObject([{ models: ["small"], keyFrom: "vault" }]);
  expect(
    changesOf(change({ models: ["big"], keyFrom: "environment", windows: { requestsPerMinute: 1, tokensPerMinute: null } })),
  ).toMatchObject([{ models: ["big"], keyFrom: "environment", windows: { requestsPerMinute: 1 } }]);
  expect(changesOf(change({ place: 1 }))).toMatchObject([
    { id: "p3", rank: 1 },
    { id: "p1", rank: 2 },
    { id: "p2", rank: 3 },
  ]);
  expect(codeOf(change({ providerId: "none" }))).toBe("provider.not-found");
  expect(codeOf(change({}, member("lead")))).toBe("provider.not-a-steward");
  expect(codeOf(change({ models: [] }))).toBe("provider.models-invalid");
  expect(codeOf(change({ windows: { ...noWindows, tokensPerMinute: 0 } }))).toBe("provider.windows-invalid");
  for (const place of [0, 4, 1.5]) expect(codeOf(change({ place }))).toBe("provider.place-invalid");
});

test("a provider is paused, goes on and is removed for good", () => {
  const control = (kind: ControlProvider["kind"], state: Provider["state"], person: Person | undefined = member("director")): Decided =>
    decideProviderControl({ person, provider: provider({ state }) }, { kind, providerId: "p1" }, context);
  for (const [kind, from, to, event] of [
    ["pause-provider", "active", "paused", "provider.paused"],
    ["resume-provider", "paused", "active", "provider.resumed"],
    ["remove-provider", "active", "removed", "provider.removed"],
    ["remove-provider", "paused", "removed", "provider.removed"],
  ] as const)
    expect(control(kind, from)).toMatchObject({ transition: { changes: [{ after: { state: to } }], events: [{ kind: event }] } });
  for (const [kind, from] of [
    ["pause-provider", "paused"],
    ["resume-provider", "active"],
    ["remove-provider", "removed"],
  ] as const)
    expect(codeOf(control(kind, from))).toBe("provider.wrong-state");
  for (const person of strangers)
    expect(codeOf(decideProviderControl({ person, provider: provider() }, { kind: "pause-provider", providerId: "p1" }, context))).toBe(
      "provider.not-a-steward",
    );
});

test("one test of a provider at a time, and only one that was begun ends", () => {
  const begin = (fields: Partial<Provider> = {}, person: Person | undefined = member("director")): Decided =>
    decideProviderTestBegin({ person, provider: provider(fields) }, { kind: "begin-provider-test", providerId: "p1" }, context);
  const lastTest = (atMs: number, detail = "It answered.") =>
    ({ atMs, ok: true, detail, latencyMs: 1, answeredBy: "small", inputTokens: 1, outputTokens: 1 }) as const;
  expect(changesOf(begin())).toMatchObject([{ lastTest: { atMs: 10_000, ok: false, detail: "being tried" } }]);
  expect(codeOf(begin({ lastTest: lastTest(10_000 - providerTestPauseMs) }))).toBe("accepted");
  expect(begin({ lastTest: lastTest(9_000) })).toMatchObject({ code: "provider.tested-just-now", details: { retryAfterMs: 4_000 } });
  expect(codeOf(begin({ state: "removed" }))).toBe("provider.not-found");
  expect(codeOf(begin({}, member("lead")))).toBe("provider.not-a-steward");
  const end = (fields: Partial<Provider>): Decided =>
    decideProviderTestEnd(
      { person: undefined, provider: provider(fields) },
      { kind: "end-provider-test", providerId: "p1", test: { ...lastTest(0), detail: "x".repeat(400) } },
      context,
    );
  const ended = changesOf(end({ lastTest: lastTest(9_000, "being tried") }));
  expect(ended).toMatchObject([{ lastTest: { atMs: 10_000, ok: true, detail: "x".repeat(300) } }]);
  for (const before of [null, lastTest(9_000)]) expect(codeOf(end({ lastTest: before }))).toBe("provider.not-tried");
});

test("contexts of a project leave by a steward's decision on what was shown to leave, and stop leaving by another", () => {
  const project = { id: "project", mode: "real" } as Project; // what is looked at
  const use = (
    command: Partial<AllowProvider> = {},
    fields: Partial<Provider> = {},
    slice: { readonly project?: Project; readonly person?: Person | undefined } = {},
  ): Decided =>
    decideProviderUse(
      { person: member("administrator"), provider: provider(fields), project, ...slice },
      { kind: "allow-provider", providerId: "p1", projectId: "project", reason: "So.", shown: whatLeaves, ...command },
      context,
    );
  expect(changesOf(use())).toMatchObject([
    { projectIds: ["project"] },
    { question: expect.stringContaining("models.example.org)") as string, choice: "allow", evidence: { leaves: [...whatLeaves] } },
  ]);
  const inUse = { projectIds: ["project", "other"] };
  expect(changesOf(use({ kind: "disallow-provider" }, inUse))).toMatchObject([{ projectIds: ["other"] }, { choice: "keep" }]);
  expect(changesOf(use({}, { baseUrl: "odd" }))).toMatchObject([{}, { question: expect.stringContaining("odd)") as string }]);
  const wrong: readonly [Partial<AllowProvider>, Partial<Provider>, string][] = [
    [{}, { state: "removed" }, "provider.not-found"],
    [{}, { local: true }, "provider.local"],
    [{ kind: "disallow-provider" }, {}, "provider.not-in-use"],
    [{}, inUse, "provider.in-use"],
    [{}, { projectIds: Array.from({ length: maxProviderProjects }, (_, at) => `q${at}`) }, "provider.too-many-projects"],
    [{ shown: whatLeaves.slice(1) }, {}, "provider.not-shown"],
    [{ shown: whatLeaves.map((line) => line.toUpperCase()) }, {}, "provider.not-shown"],
  ];
  for (const [command, fields, code] of wrong) expect([code, codeOf(use(command, fields))]).toEqual([code, code]);
  expect(codeOf(use({}, {}, { project: { ...project, mode: "rehearsal" } }))).toBe("provider.rehearsal");
  for (const person of strangers) expect(codeOf(use({}, {}, { person }))).toBe("provider.not-a-steward");
});

test("who may be asked for a project is active and local or allowed, in the order of the ranks", () => {
  const all = [
    provider({ id: "c", rank: 2, local: true }),
    provider({ id: "b", rank: 1, local: true }),
    provider({ id: "a", rank: 2, projectIds: ["project"] }),
    provider({ id: "d", rank: 0, state: "paused", local: true }),
    provider({ id: "e", rank: 0 }),
  ];
  expect(servingProviders(all, "project").map(({ id }) => id)).toEqual(["b", "a", "c"]);
  expect(mayServe(provider({ projectIds: ["other"] }), "project")).toBe(false);
});
