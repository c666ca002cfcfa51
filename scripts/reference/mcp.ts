import { describeTools } from "../../src/surfaces/mcp/mcp-server.ts";
import { cell, heading } from "./sources.ts";

interface Field {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Field[];
  readonly items?: Field;
}

interface Fields {
  readonly properties?: { readonly [name: string]: Field };
  readonly required?: readonly string[];
}

function typeOf(field: Field): string {
  if (field.enum !== undefined) return field.enum.map((one) => JSON.stringify(one)).join(" or ");
  if (field.anyOf !== undefined) return field.anyOf.map(typeOf).join(" or ");
  if (field.type === "array") return `list of ${field.items === undefined ? "any" : typeOf(field.items)}`;
  return [field.type ?? "any"].flat().join(" or ");
}

/** Fields as a table; those that may be left out say so. */
function fieldsText({ properties = {}, required = [] }: Fields): readonly string[] {
  const rows = Object.entries(properties).map(
    ([name, field]) => `| \`${name}\`${required.includes(name) ? "" : "?"} | ${cell(typeOf(field))} | ${cell(field.description ?? "")} |`,
  );
  return rows.length === 0 ? ["nothing"] : ["| field | type | |", "|---|---|---|", ...rows];
}

const acts = { reads: "Reads only.", adds: "Adds to the record.", changes: "Changes what is there." } as const;

/** docs/reference/mcp.md. */
export const mcpPage = (): string =>
  [
    ...heading("MCP tools", "The same at `/mcp` over HTTP and with `xvc mcp` on stdio. A `?` marks what may be left out."),
    ...describeTools().flatMap(({ name, title, description, kind, input, output }) => [
      `## ${name}`,
      "",
      `${title}. ${description} ${acts[kind]}`,
      "",
      "Takes:",
      "",
      ...fieldsText(input as Fields), // JSON Schema of an object
      "",
      "Answers:",
      "",
      ...fieldsText(output as Fields), // as above
      "",
    ]),
  ].join("\n");
