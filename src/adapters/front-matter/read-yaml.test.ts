import fc from "fast-check";
import { expect, test } from "vitest";
import { exportPersona } from "../../core/personas/export-files.ts";
import { type ImportFile, importLimits, keyFrom, readImport } from "../../core/personas/import-files.ts";
import { type PersonaFields, readPersona } from "../../core/personas/read-library.ts";
import type { Json } from "../../core/shared/json.ts";
import { readYaml } from "./read-yaml.ts";

const read = (...files: readonly ImportFile[]) => readImport(files, readYaml);
const markdown = (head: string, body = "You look twice."): string => `---\n${head}\n---\n\n${body}\n`;

test("reads a skill whole, and leaves behind what lies beside it", () => {
  const files = [
    {
      path: "pdf-reader/SKILL.md",
      text: markdown(
        "name: pdf-reader\ndescription: Reads forms.\nlicense: MIT\nallowed-tools: Bash(git:*) Read\nmetadata:\n  author: somebody",
      ),
    },
    { path: "pdf-reader/scripts/run.py", text: "import os" },
    { path: "pdf-reader/references/more.md", text: "# More" },
  ];
  const [found, ...others] = read(...files);
  expect(others).toEqual([]);
  expect(found?.problems).toEqual([]);
  expect(found?.personas).toMatchObject([
    {
      key: "pdf-reader",
      worldview: "Reads forms.",
      worldviewText: "You look twice.",
      tools: ["Bash(git:*)", "Read"],
      executors: ["model", "human", "scripted"],
      more: { license: "MIT", metadata: { author: "somebody" } },
    },
  ]);
  expect(found?.notices.join(" ")).toMatch(/2 further files stay behind.*run\.py.*license, metadata is kept/su);
});

test("reads an agent of one Markdown file, also one whose head is only nearly YAML", () => {
  const [good, nearly, listed] = read(
    { path: "a.md", text: markdown("name: Backend Architect\ndescription: Builds services\ntools: Read, Write\nmodel: opus") },
    { path: "b.md", text: markdown("name: critic\ndescription: Use this agent when: it is late. Example: <a>: b\nmodel: opus") },
    { path: "c.md", text: markdown('name: "c"\ndescription: >\n  Two\n  lines\ntools: [Read, "Bash(x y)"]') },
  );
  expect(good?.personas).toMatchObject([{ key: "backend_architect", tools: ["Read", "Write"], more: { model: "opus" } }]);
  expect(nearly?.personas).toMatchObject([{ key: "critic", worldview: "Use this agent when: it is late. Example: <a>: b" }]);
  expect(nearly?.notices.join(" ")).toMatch("each line was read as one field");
  expect(listed?.personas).toMatchObject([{ key: "c", worldview: "Two lines", tools: ["Read", "Bash(x y)"] }]);
});

const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${["b", "c", "d", "e", "f"].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${"abcde"[at]}`).join(",")}]`).join("\n")}`;

test.each([
  ["a bomb of references", bomb, "anchors or references"],
  ["an anchor alone", "name: &n x", "anchors or references"],
  ["a reference alone", "name: *n", "anchors or references|no YAML"],
  ["a tag", "name: !!js/function x", "tags"],
  ["a tag of its own", "name: !x y", "tags"],
  ["a prototype", "name: x\n__proto__: {tools: [y]}", "the key __proto__"],
  ["a quoted prototype", 'name: x\n"constructor": y', "the key constructor"],
  ["deep brackets", `name: ${"[".repeat(2_000)}`, "nested deeper"],
  ["deep dashes", `name:\n  ${"- ".repeat(2_000)}x`, "nested deeper"],
  ["brackets without end", `name: ${"[".repeat(9_000)}`, "more than 1000 values"],
  ["deep lines", Array.from({ length: 80 }, (_, at) => `${" ".repeat(at)}a:`).join("\n"), "nested deeper"],
  ["too long a head", `name: ${"x".repeat(importLimits.headChars)}`, "more than 20000"],
  ["too many values", `name: x\nlist:\n${"  - y\n".repeat(1_200)}`, "more than 1000 values"],
  ["two values of one name", "name: a\n  name: b\n- c", "no YAML"],
  ["no name", "description: x", "`name`"],
  ["a name of signs", "name: '***'", "`name`"],
])("refuses %s, with the reason", (_, head, reason) => {
  const [found] = read({ path: "x.md", text: markdown(head) });
  expect(found?.personas).toEqual([]);
  expect(found?.problems.join(" ")).toMatch(new RegExp(reason));
});

test.each([
  "../SKILL.md",
  "a/../../x.md",
  "/etc/passwd.md",
  "C:\\x.md",
  "a\\b.md",
  "a//b.md",
  "./x.md",
  "x\u0000.md",
  "",
  "a.exe",
  `${"a/".repeat(200)}x.md`,
])("a file named %j is not read", (path) => {
  const [found] = read({ path, text: markdown("name: x") });
  expect([found?.personas, found?.problems.length]).toEqual([[], 1]);
});

test("text beyond the bounds, without a head, or that is no JSON is refused", () => {
  const files = [
    { path: "a.md", text: `${markdown("name: x")}${"x".repeat(importLimits.fileChars)}` },
    { path: "b.md", text: "# Just a page" },
    { path: "c.json", text: "{" },
    { path: "d.md", text: markdown("name: x", "y".repeat(20_001)) },
  ];
  expect(read(...files).map(({ personas, problems }) => [personas.length, problems.length])).toEqual(files.map(() => [0, 1]));
});

test("the vision's library comes in unchanged", () => {
  const library = {
    persona_library: {
      senior_architect: {
        worldview: "systems_thinking_performance_focused",
        specializations: ["scalability", "security", "maintainability"],
        tools: ["diagram_generation", "code_analysis", "performance_modeling"],
      },
      ux_designer: {
        worldview: "user_centric_accessibility_focused",
        specializations: ["user_experience", "interface_design", "accessibility"],
        tools: ["design_tools", "user_research", "prototype_generation"],
      },
    },
  };
  const [found] = read({ path: "vision.json", text: JSON.stringify(library) });
  expect(found).toMatchObject({ problems: [], notices: [] });
  for (const persona of found?.personas ?? [])
    expect(persona).toMatchObject(library.persona_library[persona.key as keyof typeof library.persona_library]);
});

const lineText = fc.string({ minLength: 1, maxLength: 60 }).filter((text) => text.trim() !== "" && text === text.trim());

test("what is exported in any form comes in as it was", () => {
  const persona = fc.record({
    key: fc.stringMatching(/^[a-z][a-z0-9_-]{0,30}$/u),
    worldview: lineText,
    worldviewText: lineText,
    tools: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,9}[._]?[a-z]{1,9}$/u), { maxLength: 4 }),
    skills: fc.uniqueArray(lineText, { maxLength: 3 }),
    mood: fc.jsonValue(),
  });
  fc.assert(
    fc.property(persona, fc.constantFrom("json", "skill", "agent"), ({ key, ...document }, form) => {
      const said = { ...document, checks: [{ id: "a", kind: "rule", statement: 'It holds: always, "so".' }], version: 3 };
      const [known] = readPersona(key, JSON.parse(JSON.stringify(said)) as Json).personas; // JSON.parse gives JSON
      if (known === undefined) return;
      const files = exportPersona(known, form as "json" | "skill" | "agent"); // one of the three
      const [found] = read(...files);
      expect(found?.problems).toEqual([]);
      expect(found?.personas).toEqual([known]);
      expect(exportPersona(found?.personas[0] as PersonaFields, form as "json")).toEqual(files); // read, and as above
    }),
  );
});

test("any text is read or refused, never more", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.constantFrom("x.md", "a/SKILL.md", "x.json"), (text, path) => {
      for (const body of [text, markdown(text), markdown(`name: x\n${text}`, text)])
        expect(
          read({ path, text: body }).every(({ personas, problems }) => personas.length + problems.length > 0 || path === "x.json"),
        ).toBe(true);
    }),
    { numRuns: 100 },
  );
  expect(keyFrom("Über-Prüfer 2")).toBe("u_ber_pru_fer_2");
});
