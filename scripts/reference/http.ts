import { OpenAPIHono } from "@hono/zod-openapi";
import { readFileSync } from "node:fs";
import path from "node:path";
import { endpoints } from "../../src/surfaces/http/http-surface.ts";
import { cell, heading } from "./sources.ts";

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean; readonly schema?: Schema }[];
  readonly requestBody?: { readonly content: { readonly [type: string]: { readonly schema: Schema } } };
  readonly responses: { readonly [status: string]: { readonly content?: { readonly [type: string]: { readonly schema: Schema } } } };
}

export interface RouteText {
  readonly method: string;
  readonly path: string;
  readonly localOnly: boolean;
  readonly operation: Operation;
}

/** Routes that answer something else than a JSON document of the contract; not in `/openapi.json`. */
const others: { readonly [route: string]: string } = {
  "get /livez": "200 while the process runs; no sign-in",
  "get /readyz": "200 while work can be taken, else 503; no sign-in",
  "get /openapi.json": "the OpenAPI 3.1 document of the routes below; no sign-in",
  "get /sign-in/ways": "how one can sign in here: whether links go by mail, and the name of the sign-in service; no sign-in",
  "post /sign-in/link": "turns a one-time link into a session cookie; whoever was invited becomes a member by it",
  "post /sign-in/look": "says whom a link is for, and uses nothing up",
  "post /sign-in/request": "mails a link to a member's address; answers 202 whether or not there is such a member",
  "get /sign-in/oidc": "leads on to the sign-in service (OpenID Connect)",
  "get /sign-in/oidc/return": "where the sign-in service leads back to; answers with the session cookie",
  "post /sign-out": "ends the session and its streams",
  "get /events": "one SSE stream of deltas; `Last-Event-ID` or `?after=` goes on where it stopped",
  "get /metrics": "Prometheus text",
  "get /api/content/:sha256": "the bytes of an artifact that the caller may see",
  "get /api/confirm/:token": "what a mailed link would answer, built from stored rows; the link is the proof",
  "post /api/confirm/:token": "gives that answer in the name of whom the link was mailed to",
  "get /feed/:file": "`<token>.ics`: what is due for one person, as iCalendar; the token is the proof",
  "get /api/audit.jsonl": "the events of the filtered log as stored, one a line",
  "all /mcp": "the tools of [MCP](mcp.md), for programs with a key; answers 401 without one",
  "post /api/uploads": "takes one file in as content: `?name=report.pdf`, the body is the file",
};

/** Every route of the OpenAPI document, sorted by path. */
export function collectRoutes(): readonly RouteText[] {
  const app = new OpenAPIHono();
  const all = endpoints();
  for (const one of all) app.openAPIRegistry.registerPath(one.config);
  const document = app.getOpenAPI31Document({ openapi: "3.1.0", info: { title: "xVC Orchestrator", version: "0.0.0" } });
  const paths = (document.paths ?? {}) as unknown as { readonly [path: string]: { readonly [method: string]: Operation } }; // an OpenAPI document by its maker's promise
  return Object.entries(paths)
    .flatMap(([route, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method,
        path: route,
        operation,
        localOnly: all.some((one) => one.path === route && one.method === method && one.localOnly),
      })),
    )
    .toSorted((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : one.method < other.method ? -1 : 1));
}

/** Files that mount routes by themselves. */
const mounters = ["http-surface.ts", "sign-in-routes.ts", "mcp-route.ts"] as const;

/** Routes that the surface mounts beside those of the document, as its sources write them. */
export const mountedBeside = (root: string): readonly string[] =>
  mounters
    .map((file) => readFileSync(path.join(root, "src/surfaces/http", file), "utf8"))
    .flatMap((text) => [...text.matchAll(/\bapp\.(get|post|all)\(\s*"([^"]+)"/g)])
    .map(([, method = "", route = ""]) => `${method} ${route}`);

function typeOf(schema: Schema = {}, depth = 0): string {
  const { const: only, enum: closed = only === undefined ? undefined : [only] } = schema;
  if (closed !== undefined) return closed.map((one) => JSON.stringify(one)).join(" or ");
  const choices = schema.anyOf ?? schema.oneOf;
  return choices === undefined ? shapeOf(schema, depth) : choices.map((one) => typeOf(one, depth)).join(" or ");
}

function shapeOf(schema: Schema, depth: number): string {
  if (schema.type === "array") return `list of ${typeOf(schema.items, depth + 1)}`;
  if (schema.properties !== undefined) return depth > 0 ? "object" : fieldsOf(schema);
  return [schema.type ?? "any"].flat().join(" or ");
}

const fieldsOf = (schema: Schema): string =>
  `{ ${Object.entries(schema.properties ?? {})
    .map(([name, field]) => `${name}${schema.required?.includes(name) === true ? "" : "?"}: ${typeOf(field, 1)}`)
    .join(", ")} }`;

const jsonOf = (part: { readonly content?: { readonly [type: string]: { readonly schema: Schema } } } | undefined): Schema | undefined =>
  part?.content?.["application/json"]?.schema;

function routeText({ method, path: route, operation, localOnly }: RouteText): readonly string[] {
  return [
    `## ${method.toUpperCase()} ${route}`,
    "",
    `${(operation.summary ?? "").replace(/\.$/, "")}.${localOnly ? " Only with the token of this machine." : ""}`,
    "",
    ...queryLine(operation),
    ...bodyLine(operation),
    answerLine(operation),
    "",
  ];
}

function queryLine({ parameters = [] }: Operation): readonly string[] {
  const query = parameters.filter((parameter) => parameter.in === "query");
  if (query.length === 0) return [];
  return [`- query: ${query.map((one) => `\`${one.name}${one.required === true ? "" : "?"}: ${typeOf(one.schema, 1)}\``).join(", ")}`];
}

function bodyLine({ requestBody }: Operation): readonly string[] {
  const body = jsonOf(requestBody);
  return body === undefined ? [] : [`- body: \`${cell(typeOf(body))}\``];
}

/** A named document by its name and its fields; anything else as it is. */
function answerLine({ responses }: Operation): string {
  const [status = "", response] = Object.entries(responses).find(([code]) => code.startsWith("2")) ?? [];
  const answer = jsonOf(response);
  const { schema, ...fields } = answer?.properties ?? {};
  const name = schema?.const ?? schema?.enum?.[0];
  if (typeof name !== "string") return `- answer: ${status}, \`${cell(typeOf(answer))}\``;
  return `- answer: ${status}, \`${name}\` with ${Object.keys(fields)
    .map((field) => `\`${field}\``)
    .join(" ")}`;
}

/** The reference page. @throws when a route beside the document has no line, or a line no route */
export function httpPage(routes: readonly RouteText[], beside: readonly string[]): string {
  const problems = [
    ...beside.filter((route) => others[route] === undefined).map((route) => `${route} has no line in http.ts`),
    ...Object.keys(others)
      .filter((route) => !beside.includes(route))
      .map((route) => `http.ts describes ${route}, which is not mounted`),
  ];
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return [
    ...heading("HTTP", "From the OpenAPI document, which a running server answers at `/openapi.json`."),
    "Callers sign in with a session cookie (pages) or `Authorization: Bearer` (programs). A write may carry `Idempotency-Key`; the same key is carried out once. A failure is a problem document (RFC 9457) with `kind` and `code`, see [failures](failures.md). `{reference}` is an id or a label such as `ENG-42`. Lists are pages: `nextCursor` goes on. Answers of reads carry an `ETag`.",
    "",
    "## Beside the document",
    "",
    "| route | answers |",
    "|---|---|",
    ...Object.entries(others).map(
      ([route, line]) => `| \`${route.replace(/^[a-z]+/, (method) => method.toUpperCase())}\` | ${cell(line)} |`,
    ),
    "",
    ...routes.flatMap(routeText),
  ].join("\n");
}
