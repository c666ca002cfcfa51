import { z } from "zod";
import type { Json, JsonObject } from "../../core/shared/json.ts";

/**
 * The product's own API in the name of whoever calls a tool. Tools have no other way in, so a tool may do exactly what its caller may do
 * over HTTP, with the same authority, limits and records. Every call throws the server's own failure.
 */
export interface Api {
  get(path: string): Promise<JsonObject>;
  /** `key`: the same one is carried out once; absent: each call is one of its own. */
  post(path: string, body: Json, key?: string): Promise<JsonObject>;
}

/** What a tool does to the record, for clients that ask before some of them. */
export type ToolKind = "reads" | "adds" | "changes";

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly kind: ToolKind;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** Checks what was given and answers with the fields of `output` and no others. */
  readonly run: (api: Api, given: unknown) => Promise<JsonObject>;
}

/** A tool from its two schemas. What the API answers beyond `output` is left out: every word costs whoever reads it. */
export function tool<Input extends z.ZodObject, Output extends z.ZodObject>(
  spec: Pick<Tool, "name" | "title" | "description" | "kind"> & {
    readonly input: Input;
    readonly output: Output;
    readonly run: (api: Api, given: z.output<Input>) => Promise<unknown>;
  },
): Tool {
  return {
    ...spec,
    run: async (api, given) => spec.output.parse(await spec.run(api, spec.input.parse(given))) as JsonObject, // outputs are JSON by their schemas
  };
}

/** An id or a label such as ENG-42 or ENG-42/backend. */
export const reference = (what: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}(?:\/[A-Za-z0-9][A-Za-z0-9_.-]{0,99})?$/u, "is neither an id nor a label")
    .describe(what);

/** As one segment of a path. */
export const segment = (text: string): string => encodeURIComponent(text);

/** A path with the fields that have a value. */
export function asked(path: string, fields: { readonly [name: string]: string | number | undefined }): string {
  const given = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(Object.fromEntries(given)).toString()}`;
}

/** The fields that were given, for bodies that know no others. */
export const given = (fields: { readonly [name: string]: Json | undefined }): JsonObject =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));

/** A field of a document of the contract, which is a text there. */
export const wordAt = (document: JsonObject, name: string): string => {
  const value = document[name];
  return typeof value === "string" ? value : "";
};

export const text = z.string();
export const instant = z.number().describe("epoch milliseconds");
