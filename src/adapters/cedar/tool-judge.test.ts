import { expect, test } from "vitest";
import { effectKinds, treatmentOf } from "../../core/gate/effect-treatment.ts";
import type { EffectKind } from "../../core/gate/effect.ts";
import { type ToolPolicyFacts, type ToolPolicyRequest, toolPolicies } from "../../core/gate/tool-policy.ts";
import { prepareToolPolicies } from "./tool-judge.ts";

const facts = [
  ...(["capable", "pinned", "halted", "provisional", "targetHuman", "contentHuman", "readersCover", "approved", "granted"] as const),
  "tightened",
] as const;

/** What the documents say, written down a second time: everything forbidden first, then whatever lets a call run. */
function expected(kind: EffectKind, origin: string, now: ToolPolicyFacts): boolean {
  const consequential = treatmentOf(kind) === "consequential";
  if (!now.capable || !now.pinned || now.halted) return false;
  if (consequential && now.provisional) return false;
  if (now.tightened && !now.approved) return false;
  if (now.approved || now.granted) return true;
  const human = now.targetHuman && now.contentHuman;
  if (kind === "read") return true;
  if (kind === "write_private") return origin === "built-in";
  if (kind === "egress_read") return human || (now.targetHuman && now.readersCover);
  return human;
}

const requestOf = (action: EffectKind, origin: string, context: ToolPolicyFacts): ToolPolicyRequest => ({
  persona: "writer",
  action,
  tool: { name: "mail", origin, delivery: "once", group: treatmentOf(action) },
  context,
});

/** Every combination of facts. */
const worlds: readonly ToolPolicyFacts[] = Array.from(
  { length: 2 ** facts.length },
  (_, bits) => Object.fromEntries(facts.map((fact, at) => [fact, (bits & (1 << at)) !== 0])) as unknown as ToolPolicyFacts, // every fact is there
);

/** Questions next to the good case of each kind: each fact alone on the other side, and all pairs of them. */
const near = worlds.filter((world) => {
  const wrong = facts.filter((fact) => world[fact] !== (fact === "capable" || fact === "pinned"));
  return wrong.length <= 2;
});

const questions = (all: readonly ToolPolicyFacts[], kinds: readonly EffectKind[]) =>
  kinds.flatMap((kind) => ["built-in", "office"].flatMap((origin) => all.map((world) => ({ kind, origin, world }))));

test("every combination of facts is decided as the documents say, for a kind of each treatment", { timeout: 60_000 }, () => {
  const judge = prepareToolPolicies(toolPolicies);
  for (const { kind, origin, world } of questions(worlds, ["egress_read", "write_private", "send"])) {
    const { allowed, errors } = judge.decide(requestOf(kind, origin, world));
    expect([kind, origin, world, errors, allowed]).toEqual([kind, origin, world, [], expected(kind, origin, world)]);
  }
});

test("every kind is in its treatment", { timeout: 60_000 }, () => {
  const judge = prepareToolPolicies(toolPolicies);
  for (const { kind, origin, world } of questions(near.slice(0, 40), effectKinds))
    expect([kind, world, judge.decide(requestOf(kind, origin, world)).allowed]).toEqual([kind, world, expected(kind, origin, world)]);
});

/** Faults of the list in the design, and those found in published agent policies, one at a time. */
function mutantsOf(id: string, text: string): readonly (readonly [string, string])[] {
  const [, head = text.slice(0, -1), word = "when", condition = "true"] = /^([\s\S]*?)(when|unless) \{ ([\s\S]*) \};$/u.exec(text) ?? [];
  const parts = condition.split(" && ");
  const names = facts.filter((fact) => condition.includes(`context.${fact}`));
  const actions = /action in \[([^\]]*)\]/u.exec(head)?.[1]?.split(", ") ?? [];
  const joined = (kept: readonly string[]): string => `${head}${word} { ${kept.join(" && ")} };`;
  return [
    ["negated", `${head}${word} { !(${condition}) };`],
    ["inverted rule", `${head}${word === "when" ? "unless" : "when"} { ${condition} };`],
    ...(condition === "true" ? [] : [["no condition", `${head.trim()};`] as const]),
    ["permit for forbid", text.startsWith("permit") ? text.replace("permit", "forbid") : text.replace("forbid", "permit")],
    ["deleted", ""],
    ["throws", `${head}${word} { (${condition}) && resource.missing == "x" };`],
    ...parts.flatMap((_, at) => (parts.length < 2 ? [] : [[`without ${parts[at] ?? ""}`, joined(parts.toSpliced(at, 1))] as const])),
    ...(parts.length < 2 ? [] : [["or for and", `${head}${word} { ${parts.join(" || ")} };`] as const]),
    ...names.map((name) => {
      const other = facts.find((fact) => !names.includes(fact)) ?? "capable";
      return [`${other} for ${name}`, text.replace(`context.${name}`, `context.${other}`)] as const;
    }),
    ...(actions.length === 0 ? [] : [["any action", text.replace(/action in \[[^\]]*\]/u, "action")] as const]),
    ...actions
      .slice(0, actions.length > 1 ? 20 : 0)
      .map((one) => [`without ${one}`, text.replace(/\[[^\]]*\]/u, `[${actions.filter((kept) => kept !== one).join(", ")}]`)] as const),
    ...(text.includes('"built-in"') ? ([["another origin", text.replace('"built-in"', '"office"')]] as const) : []),
  ].map(([fault, mutant]) => [`${id}: ${fault}`, mutant] as const);
}

const isKilled = (id: string, mutant: string): boolean => {
  const { [id]: _replaced, ...others } = toolPolicies;
  const judge = prepareToolPolicies(mutant === "" ? others : { ...others, [id]: mutant });
  const dropped = effectKinds.filter((kind) => (toolPolicies[id] ?? "").includes(`"${kind}"`) && !mutant.includes(`"${kind}"`));
  const kinds = [...new Set<EffectKind>([...dropped.slice(0, 2), "send", "read", "egress_read", "write_private", "money"])];
  return questions(near, kinds).some(({ kind, origin, world }) => {
    const { allowed, errors } = judge.decide(requestOf(kind, origin, world));
    return errors.length > 0 || allowed !== expected(kind, origin, world);
  });
};

for (const [id, text] of Object.entries(toolPolicies))
  test(`${id}: every mutant is killed`, { timeout: 60_000 }, () => {
    const mutants = mutantsOf(id, text);
    expect(mutants.length).toBeGreaterThanOrEqual(5);
    expect(mutants.filter(([, mutant]) => !isKilled(id, mutant)).map(([fault]) => fault)).toEqual([]);
  });

test("the order of the policies decides nothing, and a set that cannot be read denies", { timeout: 60_000 }, () => {
  const turned = prepareToolPolicies(Object.fromEntries(Object.entries(toolPolicies).toReversed()));
  const judge = prepareToolPolicies(toolPolicies);
  for (const { kind, origin, world } of questions(near.slice(0, 60), ["read", "send", "egress_read"])) {
    const request = requestOf(kind, origin, world);
    expect(turned.decide(request)).toEqual(judge.decide(request));
  }
  const broken = prepareToolPolicies({ ...toolPolicies, broken: "permit (principal, action, resource" });
  expect(broken.decide(requestOf("read", "built-in", worlds[3] ?? ({} as ToolPolicyFacts)))).toMatchObject({ allowed: false });
});
