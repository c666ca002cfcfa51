import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { type CommandHelp, collectCommands } from "../../scripts/reference/cli.ts";
import { filesUnder, readAll, root } from "./source-tree.ts";

const documents = readAll([...filesUnder(".", /\.md$/).filter((file) => !file.includes("/")), ...filesUnder("docs", /\.md$/)]).filter(
  ({ file }) => !file.startsWith("docs/reference/"),
);

/** Lines of shell blocks, and code in running text that begins with the command or with npm. */
const spokenIn = (text: string): readonly string[] => [
  ...[...text.matchAll(/^[ ]*```sh\n([\s\S]*?)^[ ]*```/gm)].flatMap((block) =>
    (block[1] ?? "").split("\n").map((line) => line.replace(/\s+#\s.*$/, "").trim()),
  ),
  ...[...text.replaceAll(/```[\s\S]*?```/g, "").matchAll(/`((?:\.\/bin\/xvc|xvc|npm) [^`]+)`/g)].map((code) => code[1] ?? ""),
];

const spoken = documents.flatMap(({ file, text }) => spokenIn(text).map((line) => ({ file, line })));

/** Words of a command line; what stands in quotes is one. */
const wordsOf = (line: string): readonly string[] => [...line.matchAll(/"[^"]*"|\S+/g)].map((match) => match[0]);

function problemOf(words: readonly string[], commands: readonly CommandHelp[]): string | null {
  const named = words.filter((word) => !word.startsWith("-"));
  const [own, ...others] = commands
    .filter((command) => command.words.every((word, place) => word === named[place]))
    .toSorted((one, other) => other.words.length - one.words.length);
  if (own === undefined) return "there is no such command";
  const isGroup = commands.some(
    (command) => command.words.length === own.words.length + 1 && own.words.every((word, place) => word === command.words[place]),
  );
  if (isGroup && named.length > own.words.length) return "there is no such command";
  const known = [own, ...others].map((command) => command.help).join("\n");
  const unknown = words.filter(
    (word) => word.startsWith("--") && !new RegExp(`(?:^|[ ,])${word.split("=")[0] ?? ""}(?:[ ,]|$)`, "m").test(known),
  );
  return unknown.length === 0 ? null : `it has no option ${unknown.join(", ")}`;
}

test("every command in the documents exists, with its options", async () => {
  const commands = await collectCommands();
  const ours = spoken.filter(({ line }) => /^(?:\.\/bin\/)?xvc /.test(line));
  expect(ours.length).toBeGreaterThan(40);
  const wrong = ours.flatMap(({ file, line }) => {
    const problem = problemOf(wordsOf(line).slice(1), commands);
    return problem === null ? [] : [`${file}: ${line}: ${problem}`];
  });
  expect(wrong).toEqual([]);
});

test("every npm script in the documents exists", () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    readonly scripts: Readonly<Record<string, string>>;
  }; // our own file
  const own = new Set(["install", "ci", "exec"]);
  const wrong = spoken.flatMap(({ file, line }) => {
    const [first, second = "", third = ""] = wordsOf(line);
    if (first !== "npm" || own.has(second)) return [];
    const name = second === "run" ? third : second;
    return scripts[name] === undefined ? [`${file}: ${line}`] : [];
  });
  expect(wrong).toEqual([]);
});

test("files that shell lines in the documents name are there", () => {
  const wrong = spoken.flatMap(({ file, line }) =>
    wordsOf(line)
      .filter((word) => /^(?:examples|verify|docs|scripts|bin)\/[\w./-]+$/.test(word))
      .flatMap((word) => (filesUnder(path.dirname(word), /./).includes(word) ? [] : [`${file}: ${word}`])),
  );
  expect(wrong).toEqual([]);
});
