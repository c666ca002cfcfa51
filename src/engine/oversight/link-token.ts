import type { Vault } from "../ports/vault.ts";

/** What a link that needs no sign-in stands for; each purpose has its own signatures. */
export type LinkPurpose = "confirm" | "feed";

const bare = (id: string): string => id.replaceAll("-", "");

/** A token that names rows and proves that this installation made it. Nothing is stored for it, so nothing can leak. */
export const linkToken = (vault: Vault, purpose: LinkPurpose, ...ids: readonly string[]): string =>
  `${ids.map(bare).join("")}.${vault.sign(purpose, ids.join(":"))}`;

/** The ids that a token names, or undefined when it is none of ours. */
export function readLinkToken(vault: Vault, purpose: LinkPurpose, token: string): readonly string[] | undefined {
  const [, named = "", signature = ""] = /^((?:[0-9a-f]{32}){2,3})\.([A-Za-z0-9_-]{43})$/u.exec(token) ?? [];
  if (named === "") return undefined;
  const ids = (named.match(/.{32}/gu) ?? []).map((hex) =>
    [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-"),
  );
  return vault.isSigned(purpose, ids.join(":"), signature) ? ids : undefined;
}
