import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { systemText } from "../../src/core/execution/model-protocol.ts";
import { personaDocumentOf } from "../../src/core/personas/persona-document.ts";
import { readLibrary } from "../../src/core/personas/read-library.ts";
import { knownSkills, onetElements, skillElements } from "../../src/core/personas/skill-vocabulary.ts";
import type { Json } from "../../src/core/shared/json.ts";
import { root } from "./source-tree.ts";

/*
 * The library that ships: six divisions, and no persona that differs from another by its title alone.
 */
const divisions = ["engineering", "management", "policy", "legal", "support", "executive"];
const jsonOf = (file: string): Json => JSON.parse(readFileSync(path.join(root, "src/divisions", file), "utf8")) as Json; // JSON.parse gives JSON
const libraries = divisions.map((division) => ({ division, read: readLibrary(jsonOf(`${division}/personas.json`)) }));
const personas = libraries.flatMap(({ read }) => read.personas);

/** Tools that are registered by these names, or stand for a trade that rules, people and agents do without one. */
const tools = [
  "diagram_generation",
  "code_analysis",
  "performance_modeling",
  "design_tools",
  "user_research",
  "prototype_generation",
  "document.read",
  "spreadsheet.read",
  "spreadsheet.write",
  "chart.draw",
  "memory.search",
  "files.list",
  "files.read",
  "files.write",
  "http.fetch",
  "git.diff",
  "git.log",
  "shell.run",
];
const trades = ["code_editing", "test_running", "defect_tracking", "source_reading", "history_reading", "document_writing"];

test("every division has at least five personas of its own, at least thirty in all", () => {
  expect(libraries.map(({ read }) => read.problems)).toEqual(divisions.map(() => []));
  expect(libraries.map(({ read }) => read.notices)).toEqual(divisions.map(() => []));
  expect(libraries.filter(({ read }) => read.personas.length < 5).map(({ division }) => division)).toEqual([]);
  expect(libraries.filter(({ division, read }) => read.personas.some((one) => one.division !== division))).toEqual([]);
  expect(personas.length).toBeGreaterThanOrEqual(30);
  expect(new Set(personas.map(({ key }) => key)).size).toBe(personas.length);
});

test("a worldview is a text of its own, with checks of its own", () => {
  expect(personas.filter(({ worldviewText }) => (worldviewText ?? "").split(" ").length < 30).map(({ key }) => key)).toEqual([]);
  expect(personas.filter(({ checks }) => (checks ?? []).length < 2).map(({ key }) => key)).toEqual([]);
  for (const texts of [
    personas.map(({ worldview }) => worldview),
    personas.map(({ worldviewText }) => worldviewText),
    personas.map((persona) => systemText({ ...persona, key: "somebody" })),
    personas.flatMap(({ checks }) => (checks ?? []).map(({ statement }) => statement)),
  ])
    expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([]);
});

test("skills are named in words that others use too", () => {
  const unknown = personas.flatMap(({ key, skills }) =>
    skills.filter((skill) => skillElements(skill).length === 0).map((skill) => [key, skill]),
  );
  expect(unknown).toEqual([]);
  expect(personas.filter(({ skills }) => skills.length === 0)).toEqual([]);
  for (const skill of knownSkills)
    for (const { id, name } of skillElements(skill)) expect([skill, onetElements[id]]).toEqual([skill, name]);
  expect(readFileSync(path.join(root, "NOTICE"), "utf8")).toMatch(/O\*NET.*CC BY 4\.0/su);
});

test("tools are known, and what a playbook asks of a persona is still there", () => {
  expect(
    personas.flatMap((one) => one.tools.filter((tool) => ![...tools, ...trades].includes(tool)).map((tool) => [one.key, tool])),
  ).toEqual([]);
  const byKey = new Map(personas.map((persona) => [persona.key, persona]));
  const lacking = divisions.flatMap((division) => {
    const folder = `${division}/playbooks`;
    const files = existsSync(path.join(root, "src/divisions", folder)) ? readdirSync(path.join(root, "src/divisions", folder)) : [];
    return files.flatMap((file) => {
      const playbook = jsonOf(`${folder}/${file}`) as { readonly plan?: { readonly decomposition?: readonly Row[] } };
      return (playbook.plan?.decomposition ?? []).flatMap((task) => {
        const persona = byKey.get(task.persona);
        const has = new Set([...(persona?.skills ?? []), ...(persona?.tools ?? [])]);
        return [...(task.skills ?? []), ...(task.tools ?? [])].filter((need) => !has.has(need)).map((need) => [file, task.persona, need]);
      });
    });
  });
  expect(lacking).toEqual([]);
});

interface Row {
  readonly persona: string;
  readonly skills?: readonly string[];
  readonly tools?: readonly string[];
}

test("a persona reads the same from its own document", () => {
  for (const persona of personas)
    expect(readLibrary({ persona_library: { [persona.key]: personaDocumentOf(persona) } }).personas).toEqual([persona]);
});
