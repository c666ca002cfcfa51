import type { JsonObject } from "../../src/core/shared/json.ts";
import type { GatedTool } from "../../src/engine/ports/gated-tool.ts";
import { documentLimits } from "../../src/engine/ports/documents.ts";
import { openTools } from "../../src/main/tools.ts";
import { cell, heading } from "./sources.ts";

/** The tools of an installation with a sandbox; only their declarations are looked at, so nothing has to be there that they would use. */
function installedTools(): readonly GatedTool[] {
  const installation = { home: "", cacheDirectory: "" };
  const sandbox = { probe: { available: true, version: "" } };
  return openTools({ installation, sandbox, reach: {} } as unknown as Parameters<typeof openTools>[0]);
}

const second = 1_000;
const mebibyte = 1_048_576;
const number = new Intl.NumberFormat("en-US");

const limits = ((): readonly (readonly [string, string])[] => {
  const { fileBytes, timeMs, memoryBytes, zipEntries, zipEntryBytes, zipTotalBytes, zipRatio, depth, pages, sheets, cells, textChars } =
    documentLimits;
  return [
    ["file", `${fileBytes / mebibyte} MiB`],
    ["time", `${timeMs / second} s`],
    ["memory of the process that reads", `${memoryBytes / mebibyte} MiB`],
    ["files in an archive (.docx, .xlsx)", number.format(zipEntries)],
    ["one file of an archive, all of them", `${zipEntryBytes / mebibyte} MiB, ${zipTotalBytes / mebibyte} MiB unpacked, as declared`],
    ["unpacked to packed, above 1 MiB", `${zipRatio} to 1`],
    ["XML of a .docx", `${documentLimits.docxCodeBytes / mebibyte} MiB`],
    ["elements inside of each other", String(depth)],
    ["pages of a PDF", number.format(pages)],
    ["sheets of a workbook", String(sheets)],
    ["cells; the rest is left out and told", number.format(cells)],
    ["characters; the rest is left out and told", number.format(textChars)],
    ["attachments listed, mails inside of mails", `${documentLimits.attachments}, ${documentLimits.attachmentDepth}`],
  ];
})();

function typeOf(schema: JsonObject): string {
  if (Array.isArray(schema["enum"])) return (schema["enum"] as readonly unknown[]).map((one) => JSON.stringify(one)).join(" or ");
  if (schema["type"] === "array") return `list of ${typeOf((schema["items"] ?? {}) as JsonObject)}`; // a schema, by the registry
  return [schema["type"] ?? "any"]
    .flat()
    .map((one) => (typeof one === "string" ? one : ""))
    .join(" or ");
}

const bounds = (schema: JsonObject): string =>
  [
    ["maxLength", "characters"],
    ["maxItems", "entries"],
    ["maximum", "at most"],
  ]
    .flatMap(([key = "", word = ""]) =>
      typeof schema[key] === "number"
        ? [word === "at most" ? `at most ${number.format(schema[key])}` : `at most ${number.format(schema[key])} ${word}`]
        : [],
    )
    .join(", ");

function argumentsText({
  properties = {},
  required = [],
}: {
  readonly properties?: JsonObject;
  readonly required?: readonly string[];
}): readonly string[] {
  const rows = Object.entries(properties).map(([name, schema]) => {
    const one = schema as JsonObject; // a schema, by the registry
    const said = [typeof one["description"] === "string" ? one["description"] : "", bounds(one)].filter((text) => text !== "").join(" ");
    return `| \`${name}\`${required.includes(name) ? "" : "?"} | ${cell(typeOf(one))} | ${cell(said)} |`;
  });
  return rows.length === 0 ? ["Takes nothing."] : ["| argument | type | |", "|---|---|---|", ...rows];
}

function toolText({ declaration }: GatedTool): readonly string[] {
  const { name, description, effectKind, deliveryClass, targets, timeLimitMs, result, parameters } = declaration;
  const reached = targets.length === 0 ? "none" : targets.map((one) => `\`${one}\``).join(", ");
  return [
    `## ${name}`,
    "",
    cell(description),
    "",
    `Effect \`${effectKind}\`, delivery \`${deliveryClass}\`, targets ${reached}; result \`${result.integrity}\`, for the ${result.readers}; at most ${number.format(timeLimitMs / second)} s.`,
    "",
    ...argumentsText(parameters as Parameters<typeof argumentsText>[0]), // an object's schema, by the registry
    "",
  ];
}

/** docs/reference/tools.md. */
export const toolsPage = (): string =>
  [
    ...heading(
      "Tools",
      "What a persona may call, each call through [the gate](../explanation/tool-gate.md). A `?` marks what may be left out. What tools of outside servers declare is shown in Settings, not here.",
    ),
    "`git.*`, `worktree.*` and `shell.run` are there only where there is a sandbox (`xvc doctor` says why there is none), and are offered only where the request has a repository. They work in a copy of the attempt's own, which goes with it: a process that takes an attempt up again begins with a fresh one, and says so in its first answer.",
    "",
    "An output that a tool has written is named in its answer as `written` and handed in with the result of the attempt.",
    "",
    "## Limits of reading documents",
    "",
    "| bound | |",
    "|---|---|",
    ...limits.map(([what, value]) => `| ${what} | ${value} |`),
    "",
    "What exceeds a bound is refused with the bound, but for the two rows that say otherwise. Not read: characters in pictures, number formats of cells beyond digits, groups, percent and dates, and PDFs in Asian encodings that need tables of their own. Not told apart from what shows: text that a Word style hides, and text that a PDF draws unseen.",
    "",
    ...installedTools().flatMap(toolText),
  ].join("\n");
