import type { FileRole } from "../../core/shared/repository-facts.ts";

/** How a language marks comments and texts, as far as telling code lines from comment lines needs it. */
export interface CommentSyntax {
  readonly line: readonly string[];
  readonly block: readonly (readonly [string, string])[];
  /** Texts that end with their line at the latest. */
  readonly quotes: string;
  /** Texts that run over lines. */
  readonly longQuotes: readonly string[];
}

const slashes: CommentSyntax = { line: ["//"], block: [["/*", "*/"]], quotes: "\"'", longQuotes: [] };
const hash: CommentSyntax = { line: ["#"], block: [], quotes: "\"'", longQuotes: [] };
const markup: CommentSyntax = { line: [], block: [["<!--", "-->"]], quotes: "", longQuotes: [] };
const plain: CommentSyntax = { line: [], block: [], quotes: "", longQuotes: [] };
const dashes: CommentSyntax = { line: ["--"], block: [["/*", "*/"]], quotes: "\"'", longQuotes: [] };
const script: CommentSyntax = { ...slashes, longQuotes: ["`"] };
const python: CommentSyntax = { ...hash, longQuotes: ['"""', "'''"] };
const semicolon: CommentSyntax = { line: [";"], block: [], quotes: '"', longQuotes: [] };

interface Language {
  readonly name: string;
  readonly role: FileRole;
  readonly syntax: CommentSyntax;
  /** Extensions without the dot, and whole names with a leading `=`. All lower case. */
  readonly names: string;
}

const languages: readonly Language[] = [
  { name: "TypeScript", role: "source", syntax: script, names: "ts mts cts tsx" },
  { name: "JavaScript", role: "source", syntax: script, names: "js mjs cjs jsx" },
  { name: "Python", role: "source", syntax: python, names: "py pyi pyw =sconstruct =sconscript" },
  { name: "Go", role: "source", syntax: { ...slashes, longQuotes: ["`"] }, names: "go" },
  { name: "Java", role: "source", syntax: { ...slashes, longQuotes: ['"""'] }, names: "java" },
  { name: "Rust", role: "source", syntax: { ...slashes, quotes: '"' }, names: "rs" },
  { name: "C", role: "source", syntax: slashes, names: "c h" },
  { name: "C++", role: "source", syntax: slashes, names: "cc cpp cxx c++ hh hpp hxx h++ ipp inl tcc" },
  { name: "C#", role: "source", syntax: slashes, names: "cs" },
  { name: "Kotlin", role: "source", syntax: { ...slashes, longQuotes: ['"""'] }, names: "kt kts" },
  { name: "Swift", role: "source", syntax: { ...slashes, longQuotes: ['"""'] }, names: "swift" },
  { name: "Scala", role: "source", syntax: { ...slashes, longQuotes: ['"""'] }, names: "scala sc" },
  { name: "Dart", role: "source", syntax: slashes, names: "dart" },
  { name: "Objective-C", role: "source", syntax: slashes, names: "m mm" },
  { name: "PHP", role: "source", syntax: { ...slashes, line: ["//", "#"] }, names: "php phtml" },
  { name: "Ruby", role: "source", syntax: { ...hash, block: [["=begin", "=end"]] }, names: "rb rake gemspec =rakefile =gemfile" },
  { name: "Perl", role: "source", syntax: hash, names: "pl pm t" },
  { name: "Shell", role: "source", syntax: hash, names: "sh bash zsh ksh" },
  { name: "PowerShell", role: "source", syntax: { ...hash, block: [["<#", "#>"]] }, names: "ps1 psm1" },
  { name: "Lua", role: "source", syntax: { ...dashes, block: [["--[[", "]]"]] }, names: "lua" },
  { name: "R", role: "source", syntax: hash, names: "r" },
  { name: "Julia", role: "source", syntax: { ...hash, block: [["#=", "=#"]], longQuotes: ['"""'] }, names: "jl" },
  { name: "Haskell", role: "source", syntax: { ...dashes, block: [["{-", "-}"]], quotes: '"' }, names: "hs" },
  { name: "Elixir", role: "source", syntax: { ...hash, longQuotes: ['"""'] }, names: "ex exs" },
  { name: "Erlang", role: "source", syntax: { ...hash, line: ["%"], quotes: '"' }, names: "erl hrl" },
  { name: "Clojure", role: "source", syntax: semicolon, names: "clj cljs cljc edn" },
  { name: "Assembly", role: "source", syntax: { ...slashes, line: ["//", ";", "#"], quotes: '"' }, names: "s asm" },
  { name: "Zig", role: "source", syntax: { ...slashes, block: [] }, names: "zig" },
  { name: "SQL", role: "source", syntax: dashes, names: "sql" },
  {
    name: "Vue",
    role: "source",
    syntax: {
      ...script,
      block: [
        ["<!--", "-->"],
        ["/*", "*/"],
      ],
      quotes: "",
    },
    names: "vue svelte",
  },
  { name: "HTML", role: "source", syntax: markup, names: "html htm xhtml" },
  { name: "CSS", role: "source", syntax: { ...slashes, line: [] }, names: "css" },
  { name: "Sass", role: "source", syntax: slashes, names: "scss sass less" },
  { name: "Protocol Buffers", role: "source", syntax: slashes, names: "proto" },
  { name: "GraphQL", role: "source", syntax: hash, names: "graphql gql" },
  {
    name: "Terraform",
    role: "configuration",
    syntax: { ...hash, line: ["#", "//"], block: [["/*", "*/"]], quotes: '"' },
    names: "tf tfvars hcl",
  },
  { name: "Makefile", role: "configuration", syntax: { ...hash, quotes: "" }, names: "mk =makefile =gnumakefile" },
  { name: "CMake", role: "configuration", syntax: { ...hash, quotes: '"' }, names: "cmake =cmakelists.txt" },
  { name: "Dockerfile", role: "configuration", syntax: hash, names: "dockerfile =dockerfile =containerfile" },
  { name: "Gradle", role: "configuration", syntax: slashes, names: "gradle" },
  { name: "JSON", role: "configuration", syntax: { ...slashes, quotes: '"' }, names: "json jsonc json5 webmanifest" },
  { name: "YAML", role: "configuration", syntax: hash, names: "yaml yml" },
  { name: "TOML", role: "configuration", syntax: hash, names: "toml" },
  {
    name: "INI",
    role: "configuration",
    syntax: { ...semicolon, line: [";", "#"], quotes: "" },
    names: "ini cfg conf properties editorconfig =.gitignore =.gitattributes =.dockerignore =.npmrc =.env",
  },
  { name: "Lock file", role: "configuration", syntax: hash, names: "lock =go.sum" },
  { name: "Go module", role: "configuration", syntax: slashes, names: "=go.mod =go.work" },
  { name: "XML", role: "configuration", syntax: markup, names: "xml xsd xsl xslt plist csproj" },
  { name: "SVG", role: "data", syntax: markup, names: "svg" },
  { name: "CSV", role: "data", syntax: plain, names: "csv tsv jsonl ndjson" },
  { name: "Markdown", role: "documentation", syntax: markup, names: "md markdown mdx" },
  { name: "reStructuredText", role: "documentation", syntax: plain, names: "rst" },
  { name: "AsciiDoc", role: "documentation", syntax: { ...slashes, block: [], quotes: "" }, names: "adoc asciidoc" },
  {
    name: "Text",
    role: "documentation",
    syntax: plain,
    names: "txt text =license =notice =readme =authors =changelog =copying =contributing",
  },
];

const byName = new Map(languages.flatMap((language) => language.names.split(" ").map((name) => [name, language] as const)));
const byLanguage = new Map(languages.map((language) => [language.name, language]));

const interpreters = new Map([
  ["sh", "Shell"],
  ["bash", "Shell"],
  ["zsh", "Shell"],
  ["dash", "Shell"],
  ["node", "JavaScript"],
  ["deno", "TypeScript"],
  ["bun", "TypeScript"],
  ["python", "Python"],
  ["perl", "Perl"],
  ["ruby", "Ruby"],
  ["php", "PHP"],
  ["lua", "Lua"],
]);

/** The language by whole name, then extension, then `#!` line. Null: nothing tells. */
export function languageOf(path: string, firstLine: string): string | null {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const whole = byName.get(`=${name}`);
  if (whole !== undefined) return whole.name;
  const dot = name.lastIndexOf(".");
  const byExtension = dot > 0 ? byName.get(name.slice(dot + 1)) : undefined;
  if (byExtension !== undefined) return byExtension.name;
  if (!firstLine.startsWith("#!")) return null;
  const words = firstLine.slice(2, 200).split(/[\s/]+/);
  const interpreter = words.findLast((word) => word !== "" && !word.startsWith("-")) ?? "";
  return interpreters.get(interpreter.replace(/[\d.]+$/, "")) ?? null;
}

export function syntaxOf(language: string | null): CommentSyntax {
  return (language === null ? undefined : byLanguage.get(language)?.syntax) ?? plain;
}

const testFolder = /(^|\/)(tests?|__tests__|specs?|testing|e2e)\//i;
const testName =
  /(^|\/)(test_[^/]+\.py|conftest\.py|[^/]+[._-](test|tests|spec|e2e)\.[a-z]+|[^/]+_test\.(go|py|cc|cpp|c|rs)|[^/]*(Test|Tests|IT)\.(java|kt|cs|scala))$/;

/** What the file is for, by convention of its name and folders. */
export function roleOf(path: string, language: string | null): FileRole {
  const role = (language === null ? undefined : byLanguage.get(language)?.role) ?? "other";
  if (role === "source" && (testName.test(path) || testFolder.test(path))) return "test";
  return role;
}

const vendoredFolder = /(^|\/)(node_modules|vendor|vendored|third[_-]?party|bower_components|external|deps|\.yarn)\//i;

export function isVendored(path: string): boolean {
  return vendoredFolder.test(path);
}

const generatedName =
  /(\.min\.(js|css|mjs)|\.pb\.(go|cc|h)|_pb2(_grpc)?\.py|\.g\.dart|\.generated\.[a-z]+|\.designer\.cs)$|(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|cargo\.lock|poetry\.lock|pipfile\.lock|uv\.lock|go\.sum|composer\.lock|gemfile\.lock)$/i;
const generatedMark =
  /@generated\b|code generated .{0,80}do not edit|automatically generated|autogenerated|auto-generated|do not edit (this file )?(manually|by hand)/i;

/** A lock file, a minified file, or one that says so in its first 2,000 characters of a source file. */
export function isGenerated(path: string, language: string | null, text: string): boolean {
  if (generatedName.test(path)) return true;
  const role = roleOf(path, language);
  if (role !== "source" && role !== "test") return false;
  if (generatedMark.test(text.slice(0, 2_000))) return true;
  return (
    (language === "JavaScript" || language === "CSS") && text.length > 20_000 && text.length / (text.split("\n", 2_001).length || 1) > 500
  );
}
