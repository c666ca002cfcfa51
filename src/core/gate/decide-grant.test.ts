import { expect, test } from "vitest";
import type { Person, Role } from "../oversight/person.ts";
import type { Actor } from "../shared/actor.ts";
import type { Decided } from "../shared/transition.ts";
import { type GiveGrant, type SetToolMode, decideGrant, decideGrantRevoked, decideToolMode } from "./decide-grant.ts";
import { type StandingGrant, contentRules, grantLimits } from "./standing-grant.ts";
import type { ToolPin } from "./tool-pin.ts";

const contextOf = (actor: Actor) => ({ actor, nowMs: 1_000, newId: () => "new" }) as const;
const me: Actor = { kind: "person", id: "me" };
const persona: Actor = { kind: "persona", id: "me" };
const member = (roles: readonly Role[], state: Person["state"] = "active"): Person => ({ id: "me", state, roles }) as unknown as Person; // what is looked at
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const long = "x".repeat(2_001);

const give = (
  command: Partial<GiveGrant> = {},
  by: { readonly actor?: Actor; readonly person?: Person | undefined; readonly live?: number } = {},
): Decided =>
  decideGrant(
    { person: "person" in by ? by.person : member(["lead"]), live: by.live ?? 0, projectId: "project" },
    {
      kind: "give-grant",
      tool: "mail.send",
      persona: "writer",
      targets: { to: ["a@example.org"] },
      content: "any",
      maxCalls: 3,
      capMicro: null,
      expiresAtMs: 2_000,
      reason: "The weekly letter.",
      ...command,
    },
    contextOf(by.actor ?? me),
  );

test("a standing grant is given by a person who leads, never by a persona or a program", () => {
  for (const content of contentRules) expect(codeOf(give({ content }))).toBe("accepted");
  for (const role of ["administrator", "director", "lead"] as const) expect(codeOf(give({}, { person: member([role]) }))).toBe("accepted");
  for (const person of [undefined, member(["contributor"]), member(["lead", "agent"]), member(["lead"], "left" as Person["state"])])
    expect(codeOf(give({}, { person }))).toBe("grant.wrong-role");
  expect(codeOf(give({}, { actor: persona }))).toBe("grant.wrong-role");
  expect(codeOf(give({}, { live: grantLimits.live }))).toBe("grant.too-many");
});

test("a grant says whom it reaches, for how many calls, how much and until when", () => {
  const values = Array.from({ length: grantLimits.values + 1 }, (_, at) => `v${at}`);
  const wrong: readonly Partial<GiveGrant>[] = [
    { tool: " " },
    { tool: "x".repeat(201) },
    { targets: {} },
    { targets: { to: [] } },
    { targets: { to: values } },
    { content: "nothing" as GiveGrant["content"] },
    { maxCalls: 0 },
    { maxCalls: 1.5 },
    { maxCalls: grantLimits.calls + 1 },
    { capMicro: -1 },
    { expiresAtMs: 1_000 },
    { expiresAtMs: 1_000 + grantLimits.days * 86_400_000 + 1 },
    { reason: " " },
    { reason: long },
  ];
  for (const fields of wrong) expect([fields, codeOf(give(fields))]).toEqual([fields, "grant.bad-terms"]);
  expect(codeOf(give({ capMicro: 0 }))).toBe("accepted");
});

test("whoever works here takes a grant back, once", () => {
  const grant = { id: "g", version: 1, eventCount: 1, state: "live", tool: "mail.send" } as unknown as StandingGrant; // what is looked at
  const revoke = (
    of: Partial<StandingGrant> = {},
    reason = "",
    by: Actor = me,
    person: Person | undefined = member(["contributor"]),
  ): Decided => decideGrantRevoked({ person, grant: { ...grant, ...of } }, { kind: "revoke-grant", grantId: "g", reason }, contextOf(by));
  expect(revoke()).toMatchObject({ transition: { changes: [{ after: { state: "revoked", revokedBy: "me" } }] } });
  expect(codeOf(revoke({ state: "revoked" }))).toBe("grant.not-live");
  expect(codeOf(revoke({}, long))).toBe("grant.bad-terms");
  expect(codeOf(revoke({}, "", persona))).toBe("grant.wrong-role");
  expect(codeOf(revoke({}, "", me, member(["contributor"], "left" as Person["state"])))).toBe("grant.wrong-role");
});

test("a lead makes a tool stricter; opening it or agreeing to a definition needs who answers for it", () => {
  const pin = (mode: ToolPin["mode"]): ToolPin =>
    ({ id: "pin", version: 1, eventCount: 1, tool: "mail.send", mode, definitionSha256: "a".repeat(64) }) as unknown as ToolPin; // what is looked at
  const set = (command: Partial<SetToolMode>, now?: ToolPin, person: Person | undefined = member(["lead"]), actor: Actor = me): Decided =>
    decideToolMode(
      { person, pin: now },
      { kind: "set-tool-mode", tool: "mail.send", mode: "suspended", definitionSha256: null, reason: "Odd letters.", ...command },
      contextOf(actor),
    );
  expect(set({})).toMatchObject({ transition: { changes: [{ before: undefined, after: { mode: "suspended", definitionSha256: null } }] } });
  expect(set({}, pin("open"))).toMatchObject({
    transition: { changes: [{ after: { mode: "suspended", definitionSha256: "a".repeat(64) } }] },
  });
  expect(codeOf(set({ mode: "open" }, pin("suspended")))).toBe("tool.wrong-role");
  expect(codeOf(set({ mode: "open" }, pin("suspended"), member(["director"])))).toBe("accepted");
  const agreed = { definitionSha256: "b".repeat(64) };
  expect(codeOf(set(agreed, pin("open")))).toBe("tool.wrong-role");
  expect(set(agreed, pin("open"), member(["administrator"]))).toMatchObject({ transition: { changes: [{ after: agreed }] } });
  for (const [person, actor] of [
    [undefined, me],
    [member(["contributor"]), me],
    [member(["administrator", "agent"]), me],
    [member(["administrator"]), persona],
  ] as const)
    expect(
      codeOf(
        decideToolMode(
          { person, pin: undefined },
          { kind: "set-tool-mode", tool: "t", mode: "suspended", definitionSha256: null, reason: "So." },
          contextOf(actor),
        ),
      ),
    ).toBe("tool.wrong-role");
  const director = member(["director"]);
  const wrong: readonly Partial<SetToolMode>[] = [
    { mode: "sometimes" as SetToolMode["mode"] },
    { tool: " " },
    { tool: "x".repeat(201) },
    { definitionSha256: "A".repeat(64) },
    { reason: " " },
    { reason: long },
  ];
  for (const fields of wrong) expect([fields, codeOf(set(fields, undefined, director))]).toEqual([fields, "tool.bad-mode"]);
});
