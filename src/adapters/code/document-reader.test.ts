import { expect, test } from "vitest";
import { anchorOf, readDocument } from "./document-reader.ts";

const read = (text: string) => readDocument({ path: "README.md", text, bytes: text.length, content: "text", language: "Markdown" });

test("anchors are those of a forge, doubles numbered", () => {
  expect(anchorOf("What's *new* in 2.0?")).toBe("whats-new-in-20");
  expect(read('# A b\n\n## A b\n\n<a id="Here"></a>\n').anchors).toEqual(["a-b", "a-b-1", "here"]);
});

test("inner links only, with their lines", () => {
  const links = read(
    '# T\n\n[a](docs/a.md#x) <https://x.example> [m](mailto:a@x.example)\n\n![p](p.png)\n\n[r]: other.md\n\n<img src="i.svg">\n',
  ).links;
  expect(links).toEqual([
    { line: 3, target: "docs/a.md#x" },
    { line: 5, target: "p.png" },
    { line: 7, target: "other.md" },
    { line: 9, target: "i.svg" },
  ]);
});

test("commands of shell blocks, without prompts, output and comments", () => {
  const shell = read("```sh\nnpm test\n# why\n```\n\n```console\n$ make all\nbuilt\n```\n\n```js\nnot();\n```\n").shellLines;
  expect(shell).toEqual([
    { line: 2, text: "npm test" },
    { line: 7, text: "make all" },
  ]);
});
