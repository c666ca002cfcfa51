import { expect, test } from "vitest";
import type { DecideContext } from "../shared/decide-context.ts";
import type { Decided } from "../shared/transition.ts";
import { type Channel, channelKind } from "./channel.ts";
import { type ErasureSlice, decideErasure, decideHold, decideKeeping, shortPersonId } from "./decide-erasure.ts";
import type { Person, Role } from "./person.ts";

const member = (id: string, roles: readonly Role[], fields: Partial<Person> = {}): Person => ({
  id,
  version: 1,
  eventCount: 1,
  name: `Name of ${id}`,
  email: null,
  roles,
  state: "active",
  ...fields,
});

const admin = member("admin", ["administrator"]);
const director = member("director", ["director"]);
const gone = member("0000-gone-abcd1234", ["contributor"], {
  name: "Kim Berg",
  email: "kim@example.org",
  state: "removed",
  workReturned: true,
});
const wish = { by: admin.id, atMs: 1, reason: "They asked" };
const contextOf = (person: Person): DecideContext => ({ actor: { kind: "person", id: person.id }, nowMs: 5, newId: () => "id" });
const sliceOf = (person: Person, fields: Partial<ErasureSlice> = {}): ErasureSlice => ({
  person,
  subject: gone,
  members: [admin, director],
  channels: [],
  ...fields,
});
const erasing = (
  person: Person,
  fields: Partial<ErasureSlice> = {},
  said: { readonly reason?: string; readonly confirmation?: string } = {},
) =>
  decideErasure(
    sliceOf(person, fields),
    { kind: "erase-person", personId: gone.id, reason: said.reason ?? "They asked", confirmation: said.confirmation ?? null },
    contextOf(person),
  );
const holding = (
  kind: "hold-person" | "release-person",
  person: Person,
  fields: Partial<ErasureSlice> = {},
  confirmation: string | null = null,
) => decideHold(sliceOf(person, fields), { kind, personId: gone.id, reason: "A lawsuit", confirmation }, contextOf(person));

const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const resultOf = (decided: Decided) => (decided.kind === "accepted" ? decided.transition : null);
const stateOf = (decided: Decided): unknown => resultOf(decided)?.answer["state"];

test("an administrator asks, a second person agrees, and what stays says nothing of the person", () => {
  const asked = erasing(admin);
  expect(stateOf(asked)).toBe("asked");
  expect(resultOf(asked)?.changes[0]?.after).toMatchObject({ erasure: { by: "admin", reason: "They asked" } });
  const channel = { id: "c", version: 1, eventCount: 0, personId: gone.id, state: "active" } as Channel; // what is looked at here
  const erased = resultOf(erasing(director, { subject: { ...gone, erasure: wish }, channels: [channel] }));
  expect(erased?.answer).toMatchObject({ state: "erased", soloWaiver: false });
  expect(erased?.changes.find(({ kind }) => kind === channelKind)?.after).toMatchObject({ state: "removed" });
  expect(erased?.changes.find(({ after }) => after.id === gone.id)?.after).toMatchObject({ erasedAtMs: 5, state: "removed" });
  expect(erased?.events.map(({ kind, data }) => [kind, data])).toEqual([
    ["channel.removed", { personId: gone.id }],
    ["person.erased", { reason: "They asked", approvedBy: ["admin", "director"], soloWaiver: false }],
  ]);
  expect(JSON.stringify(erased?.events)).not.toMatch(/Kim|Berg/u);
});

test("nobody erases alone while somebody else could agree, and who is alone types the short id", () => {
  const subject = { ...gone, erasure: wish };
  expect(codeOf(erasing(admin, { subject }))).toBe("erasure.second-person");
  expect(codeOf(erasing(admin, { subject }, { confirmation: shortPersonId(gone) }))).toBe("erasure.second-person");
  const alone = { members: [admin, member("kim", ["contributor"]), member("bot", ["agent"])] };
  expect(codeOf(erasing(admin, alone))).toBe("erasure.solo-confirmation-missing");
  expect(codeOf(erasing(admin, alone, { confirmation: "other" }))).toBe("erasure.solo-confirmation-missing");
  const erased = resultOf(erasing(admin, alone, { confirmation: "abcd1234" }));
  expect(erased?.events).toMatchObject([{ kind: "person.erased", data: { approvedBy: ["admin"], soloWaiver: true } }]);
  expect(stateOf(erasing(admin, { ...alone, subject }, { confirmation: "abcd1234" }))).toBe("erased");
});

test("only who was removed and holds nothing is erased, once, and never under a legal hold", () => {
  const of = (fields: Partial<Person>) => codeOf(erasing(admin, { subject: { ...gone, ...fields } }));
  expect(of({ state: "active" })).toBe("erasure.not-removed");
  expect(of({ state: "invited" })).toBe("erasure.not-removed");
  expect(of({ workReturned: false })).toBe("erasure.work-held");
  expect(of({ erasedAtMs: 3 })).toBe("erasure.erased-before");
  expect(of({ legalHold: { ...wish, release: null } })).toBe("erasure.legal-hold");
  expect(codeOf(erasing(director, { subject: { ...gone, erasure: wish, legalHold: { ...wish, release: wish } } }))).toBe(
    "erasure.legal-hold",
  );
  expect(
    codeOf(
      decideErasure(
        { ...sliceOf(admin), subject: undefined },
        { kind: "erase-person", personId: "x", reason: "x", confirmation: null },
        contextOf(admin),
      ),
    ),
  ).toBe("person.not-found");
});

test("a reason is needed, and names nobody", () => {
  expect(codeOf(erasing(admin, {}, { reason: "  " }))).toBe("erasure.reason-missing");
  expect(codeOf(erasing(admin, {}, { reason: "kim berg left" }))).toBe("erasure.reason-names");
  expect(codeOf(erasing(admin, {}, { reason: "mail of Kim@Example.org" }))).toBe("erasure.reason-names");
});

test("contributors, agents and auditors decide nothing of it, and a director does not ask first", () => {
  for (const role of ["lead", "contributor", "agent", "auditor"] as const)
    expect([role, codeOf(erasing(member("x", [role])))]).toEqual([role, "erasure.wrong-role"]);
  expect(codeOf(erasing(director))).toBe("erasure.administrator-asks");
});

test("a wish is taken back, by whoever of those who decide", () => {
  const keep = (fields: Partial<Person>) =>
    decideKeeping(
      sliceOf(director, { subject: { ...gone, ...fields } }),
      { kind: "keep-person", personId: gone.id, reason: "Needed" },
      contextOf(director),
    );
  expect(codeOf(keep({}))).toBe("erasure.not-asked");
  const kept = resultOf(keep({ erasure: wish }));
  expect(kept?.changes[0]?.after).toMatchObject({ erasure: null });
  expect(kept?.events).toMatchObject([{ kind: "person.kept" }]);
});

test("a hold is set by one and lifted by two, or by the only one who can, who confirms", () => {
  expect(stateOf(holding("hold-person", director))).toBe("held");
  const held = { ...gone, legalHold: { ...wish, release: null } };
  expect(codeOf(holding("hold-person", admin, { subject: held }))).toBe("erasure.held-before");
  expect(codeOf(holding("release-person", admin))).toBe("erasure.not-held");
  const asked = holding("release-person", admin, { subject: held });
  expect(stateOf(asked)).toBe("asked");
  const waiting = { ...held, legalHold: { ...wish, release: wish } };
  expect(codeOf(holding("release-person", admin, { subject: waiting }))).toBe("erasure.second-person");
  const lifted = resultOf(holding("release-person", director, { subject: waiting }));
  expect(lifted?.changes[0]?.after).toMatchObject({ legalHold: null });
  expect(lifted?.events).toMatchObject([{ kind: "person.released", data: { approvedBy: ["admin", "director"], soloWaiver: false } }]);
  const alone = { subject: held, members: [admin] };
  expect(codeOf(holding("release-person", admin, alone))).toBe("erasure.solo-confirmation-missing");
  expect(stateOf(holding("release-person", admin, alone, "abcd1234"))).toBe("released");
});
