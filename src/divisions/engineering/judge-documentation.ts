import type { DocumentationFacts, DocumentFact, FileFact, RunnableFact } from "../../core/shared/repository-facts.ts";
import { needsOf, type CommandNeed } from "./documented-commands.ts";
import { ownSource } from "./judge-inventory.ts";
import type { Measure, SectionOutput, Table } from "./report-types.ts";
import {
  buildSection,
  byLargest,
  formatNumber,
  maxFindingsPerRule,
  plural,
  sumOf,
  tableOf,
  type FindingDraft,
  type TreeAnchor,
} from "./section-builder.ts";

interface Tree {
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  readonly anchors: ReadonlyMap<string, ReadonlySet<string>>;
  readonly runnables: readonly RunnableFact[];
}

/** The section on documentation: links within the tree, anchors, and commands that a reader would copy. Nothing is fetched or run. */
export function judgeDocumentation(facts: DocumentationFacts, files: readonly FileFact[], anchor: TreeAnchor): SectionOutput<null> {
  const tree = treeOf(facts, files);
  const deadLinks = facts.documents.flatMap((document) => linkFindings(document, tree));
  const deadCommands = facts.documents
    .filter((document) => isInstruction(document.path))
    .flatMap((document) => commandFindings(document, tree));
  const links = sumOf(facts.documents, (document) => document.links.length);
  const readme = facts.documents.find((document) => /^readme(\.[a-z]+)?$/i.test(document.path));
  const section = buildSection({
    key: "documentation",
    title: "Documentation",
    headline:
      facts.documents.length === 0
        ? "No Markdown documents."
        : `${plural(facts.documents.length, "document", "documents")} with ${plural(links, "inner link", "inner links")}, ${deadLinks.length === 0 ? "all alive" : `${formatNumber(deadLinks.length)} of them dead`}; ${deadCommands.length === 0 ? "every documented command that could be checked exists" : `${plural(deadCommands.length, "documented command does", "documented commands do")} not exist`}.`,
    gap: files.length === 0 ? { state: "not-applicable", reason: "The tree is empty." } : undefined,
    measures: measures(facts, { deadLinks: deadLinks.length, deadCommands: deadCommands.length }),
    tables: [documentTable(facts)],
    findings: [...capped(deadCommands), ...capped(deadLinks), ...(readme === undefined ? missingReadme(files, anchor) : [])],
    skipped: facts.skipped,
  });
  return { schema: "xvc.assessment-section/1", section, data: null };
}

function measures(facts: DocumentationFacts, dead: { readonly deadLinks: number; readonly deadCommands: number }): readonly Measure[] {
  const links = sumOf(facts.documents, (document) => document.links.length);
  const shellLines = sumOf(
    facts.documents.filter((document) => isInstruction(document.path)),
    (document) => document.shellLines.length,
  );
  return [
    {
      key: "documents",
      label: "Documents",
      value: facts.documents.length,
      unit: "files",
      n: facts.documents.length,
      definition: "Markdown files outside vendored folders.",
    },
    {
      key: "words",
      label: "Words",
      value: sumOf(facts.documents, (document) => document.words),
      unit: "words",
      n: facts.documents.length,
      definition: "Words of running text, code left out.",
    },
    {
      key: "innerLinks",
      label: "Inner links",
      value: links,
      unit: "links",
      n: facts.documents.length,
      definition: "Links and images without a scheme or host. Others were not followed: nothing is fetched.",
    },
    {
      key: "deadLinks",
      label: "Dead links",
      value: dead.deadLinks,
      unit: "links",
      n: links,
      definition: "Inner links to a file, folder or heading that is not there. Headings are matched as forges make their anchors.",
    },
    {
      key: "shellLines",
      label: "Command lines",
      value: shellLines,
      unit: "lines",
      n: facts.documents.length,
      definition: "Lines of shell blocks in files named README, CONTRIBUTING, INSTALL or DEVELOPMENT.",
    },
    {
      key: "deadCommands",
      label: "Commands that do not exist",
      value: dead.deadCommands,
      unit: "commands",
      n: shellLines,
      definition:
        "npm scripts, make targets and files that such a line uses and the tree does not have. Lines with placeholders or variables are not judged.",
    },
  ];
}

function documentTable(facts: DocumentationFacts): Table {
  return tableOf(
    {
      key: "documents",
      shown: 40,
      title: "Documents",
      definition: "By words.",
      columns: [
        { key: "document", label: "Document", kind: "path" },
        { key: "title", label: "Title", kind: "text" },
        { key: "words", label: "Words", kind: "number" },
        { key: "links", label: "Inner links", kind: "number" },
      ],
      sums: [
        { column: "words", measure: "words" },
        { column: "links", measure: "innerLinks" },
      ],
    },
    byLargest(
      facts.documents,
      (document) => document.words,
      (document) => document.path,
    ),
    (document) => [document.path, document.title, document.words, document.links.length],
  );
}

function capped(findings: readonly FindingDraft[]): readonly FindingDraft[] {
  return findings.slice(0, maxFindingsPerRule);
}

function treeOf(facts: DocumentationFacts, files: readonly FileFact[]): Tree {
  const folders = new Set<string>([""]);
  for (const { path } of files) {
    for (let end = path.indexOf("/"); end > 0; end = path.indexOf("/", end + 1)) folders.add(path.slice(0, end));
  }
  return {
    files: new Set(files.map((file) => file.path)),
    folders,
    anchors: new Map(facts.documents.map((document) => [document.path, new Set(document.anchors)])),
    runnables: facts.runnables,
  };
}

function isInstruction(path: string): boolean {
  return /(^|\/)(readme|contributing|install|installation|development|developing|hacking)(\.[a-z]{2}([_-][a-z]{2})?)?\.(md|markdown|mdx)$/i.test(
    path,
  );
}

function linkFindings(document: DocumentFact, tree: Tree): readonly FindingDraft[] {
  return document.links.flatMap((link): readonly FindingDraft[] => {
    const problem = linkProblem(document.path, link.target, tree);
    if (problem === null) return [];
    return [
      {
        rule: problem.rule,
        severity: isInstruction(document.path) && problem.rule === "dead-link" ? "medium" : "low",
        title: `${problem.what}: ${link.target.slice(0, 200)}`,
        detail: problem.why,
        citations: [{ file: document.path, line: link.line }],
      },
    ];
  });
}

interface LinkProblem {
  readonly rule: "dead-link" | "dead-anchor";
  readonly what: string;
  readonly why: string;
}

function linkProblem(from: string, target: string, tree: Tree): LinkProblem | null {
  const [address = "", fragment = ""] = splitOnce(target, "#");
  const decoded = decode(splitOnce(address, "?")[0] ?? "");
  // Sites, not trees, resolve templates; and an odd escape is the writer's, not a missing file.
  if (decoded === null || /[{}<>$]/.test(decoded)) return null;
  const path = decoded === "" ? from : resolve(from, decoded);
  if (path === null) return { rule: "dead-link", what: "Link out of the tree", why: "It climbs above the tree's root." };
  if (!tree.files.has(path) && !tree.folders.has(path))
    return { rule: "dead-link", what: "Dead link", why: `There is no ${path} in the tree.` };
  return anchorProblem(path, fragment, tree);
}

function anchorProblem(path: string, fragment: string, tree: Tree): LinkProblem | null {
  const anchors = tree.anchors.get(path);
  const wanted = decode(fragment)?.toLowerCase() ?? "";
  // A forge answers these two without any heading.
  if (wanted === "" || wanted === "top" || wanted.startsWith("user-content-")) return null;
  if (anchors === undefined || anchors.has(wanted)) return null;
  return { rule: "dead-anchor", what: "Missing heading", why: `${path} has no heading or anchor "${wanted.slice(0, 100)}".` };
}

function splitOnce(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text: string): string | null {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // Its one reason: a `%` that is no escape. The link is then taken as nothing to judge.
    if (error instanceof URIError) return null;
    throw error;
  }
}

function resolve(from: string, target: string): string | null {
  const parts = target.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const part of target.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}

function commandFindings(document: DocumentFact, tree: Tree): readonly FindingDraft[] {
  const folder = document.path.includes("/") ? document.path.slice(0, document.path.lastIndexOf("/")) : "";
  return document.shellLines.flatMap(({ line, text }) =>
    needsOf(text, tree.folders, folder).flatMap((need): readonly FindingDraft[] => {
      // Guides in a folder are often written for the root, so either place will do.
      if (
        isMet(need, tree) ||
        (folder !== "" && needsOf(text, tree.folders, "").some((atRoot) => atRoot.kind === need.kind && isMet(atRoot, tree)))
      )
        return [];
      return [
        {
          rule: "dead-command",
          severity: "medium",
          title: `Documented command does not exist: ${text.slice(0, 120)}`,
          detail: missing(need),
          citations: [{ file: document.path, line }],
        },
      ];
    }),
  );
}

function isMet(need: CommandNeed, tree: Tree): boolean {
  if (need.kind === "file") return tree.files.has(need.path) || tree.folders.has(need.path);
  // Workspaces and included makefiles share names, so a name counts wherever it is defined.
  const known = tree.runnables.filter((runnable) => runnable.kind === need.kind);
  return known.some((runnable) => runnable.name === need.name);
}

function missing(need: CommandNeed): string {
  if (need.kind === "file") return `There is no ${need.path} in the tree.`;
  return need.kind === "npm-script" ? `No package.json has a script "${need.name}".` : `No makefile has a target "${need.name}".`;
}

function missingReadme(files: readonly FileFact[], anchor: TreeAnchor): readonly FindingDraft[] {
  const code = sumOf(ownSource(files), (file) => file.lines.code);
  if (anchor === null || code === 0 || files.some((file) => /^readme/i.test(file.path))) return [];
  return [
    {
      rule: "no-readme",
      severity: "medium",
      title: "No README",
      detail: "Nothing at the root says what this is, or how to build and run it.",
      citations: [anchor],
    },
  ];
}
