import type { EffectKind } from "./effect.ts";

/** What the gate does with a kind of effect when nothing else is said. */
export type Treatment = "read" | "fetch" | "write-private" | "consequential";

const treatments: { readonly [kind in EffectKind]: Treatment } = {
  read: "read",
  egress_read: "fetch",
  write_private: "write-private",
  write_shared: "consequential",
  write_record: "consequential",
  send: "consequential",
  publish: "consequential",
  money: "consequential",
  grant: "consequential",
  delete: "consequential",
  credential: "consequential",
  identity: "consequential",
  security_config: "consequential",
  exec: "consequential",
  commit: "consequential",
  physical: "consequential",
  act: "consequential",
};

/** The closed list, in the order of the documents. */
export const effectKinds: readonly EffectKind[] = Object.keys(treatments) as EffectKind[]; // the keys are the type's own words

/** A declared kind; whatever is not of the list, or is not declared, is `act`. */
export const effectKindFrom = (declared: unknown): EffectKind => effectKinds.find((kind) => kind === declared) ?? "act";

export const treatmentOf = (kind: EffectKind): Treatment => treatments[kind];

/** Four groups for screens; they decide nothing. */
export type EffectGroup = "read" | "write" | "outward" | "destructive";

const outward: ReadonlySet<EffectKind> = new Set(["egress_read", "send", "publish", "money", "grant", "identity", "commit"]);

export function effectGroup(kind: EffectKind): EffectGroup {
  if (kind === "read") return "read";
  if (kind.startsWith("write_")) return "write";
  return outward.has(kind) ? "outward" : "destructive";
}
