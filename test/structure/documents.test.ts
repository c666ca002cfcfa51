import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { filesUnder, readAll, root } from "./source-tree.ts";

const documents = readAll(filesUnder(".", /\.md$/).filter((file) => !file.startsWith("examples/")));
const everything = readAll(
  ["src", "verify", "test", "bench", "scripts", "bin", "docs", "migrations", "examples"]
    .flatMap((folder) => filesUnder(folder, /\.(?:tsx?|c?js|md|sql|json|ya?ml|css|html)$|^(?:run|xvc)$/))
    .filter((file) => file !== "test/structure/documents.test.ts"),
);

test("documents claim nothing that no command shows", () => {
  const boasts =
    /\b(?:production[- ]ready|enterprise[- ]grade|world[- ]class|best[- ]in[- ]class|blazing(?:ly)?|seamless(?:ly)?|cutting[- ]edge|revolutionary|effortless(?:ly)?|state[- ]of[- ]the[- ]art|bulletproof|battle[- ]tested|lightning[- ]fast|next[- ]generation)\b/i;
  expect(documents.filter((document) => boasts.test(document.text)).map((document) => document.file)).toEqual([]);
});

test("no file names a directory of somebody's machine", () => {
  const paths = /(?:^|["'`\s(=])(?:\/work\/|\/tmp\/clone|\/root\/)/m;
  expect(everything.filter((file) => paths.test(file.text)).map((file) => file.file)).toEqual([]);
});

test("links between documents lead somewhere", () => {
  const dead = documents.flatMap((document) =>
    [...document.text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
      .map((match) => match[1] ?? "")
      .filter((target) => !existsSync(path.resolve(root, path.dirname(document.file), target)))
      .map((target) => `${document.file} -> ${target}`),
  );
  expect(dead).toEqual([]);
});

test("ARCHITECTURE.md stays under 300 lines", () => {
  const [architecture] = documents.filter((document) => document.file === "ARCHITECTURE.md");
  expect(architecture?.text.split("\n").length).toBeLessThan(300);
});

test("decision records are numbered without gaps", () => {
  const numbers = filesUnder("docs/decisions", /\.md$/).map((file) => Number(path.basename(file).slice(0, 4)));
  expect(numbers).toEqual(numbers.map((_, position) => position + 1));
});
