import { type ToolDeclaration, definitionOf } from "../../core/gate/tool-declaration.ts";
import { canonicalJson } from "../../core/shared/json.ts";
import type { Digest } from "../ports/content.ts";

/** A tool as people look at it: what it declares, and the hash by which a person agrees to that. It cannot be called from here. */
export interface DeclaredTool {
  readonly declaration: ToolDeclaration;
  readonly definitionSha256: string;
}

export const definitionHash = (declaration: ToolDeclaration, digest: Digest): string => digest(canonicalJson(definitionOf(declaration)));

export const declaredTools = (tools: readonly { readonly declaration: ToolDeclaration }[], digest: Digest): readonly DeclaredTool[] =>
  tools.map(({ declaration }) => ({ declaration, definitionSha256: definitionHash(declaration, digest) }));
