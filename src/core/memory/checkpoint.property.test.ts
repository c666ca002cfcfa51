import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Checkpoint, type Link, checkpointText, linkProblem, readCheckpoint } from "./checkpoint.ts";
import { merkleRoot } from "./merkle.ts";

const hash = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();
const hex = (text: string): string => createHash("sha256").update(text).digest("hex");

const runs = fc.array(fc.record({ events: fc.nat(5_000), versions: fc.nat(5_000), sealedAtMs: fc.nat() }), { minLength: 1, maxLength: 8 });

function chainOf(parts: readonly { readonly events: number; readonly versions: number; readonly sealedAtMs: number }[]): readonly Link[] {
  const chain: Link[] = [];
  for (const part of parts) {
    const before = chain.at(-1);
    const checkpoint: Checkpoint = {
      organizationId: "one",
      number: chain.length + 1,
      previous: before?.sha256 ?? null,
      ...part,
      eventsInAll: (before?.checkpoint.eventsInAll ?? 0) + part.events,
      versionsInAll: (before?.checkpoint.versionsInAll ?? 0) + part.versions,
      root: hex(String(chain.length)),
    };
    chain.push({ checkpoint, sha256: hex(checkpointText(checkpoint)) });
  }
  return chain;
}

const problemsOf = (chain: readonly Link[]): readonly string[] =>
  chain.flatMap((link, at) => linkProblem(at === 0 ? null : (chain[at - 1] ?? null), link) ?? []);

test("a checkpoint's text says what it was made of, and no other text is read as one", () => {
  fc.assert(
    fc.property(runs, fc.nat(), (parts, at) => {
      const { checkpoint } = chainOf(parts).at(-1) as Link; // at least one
      const text = checkpointText(checkpoint);
      expect(readCheckpoint(text)).toEqual(checkpoint);
      const cut = at % text.length;
      expect(readCheckpoint(text.slice(0, cut) + text.slice(cut + 1))).not.toEqual(checkpoint);
      expect(readCheckpoint(text.replace("{", "{ "))).toBeNull();
      expect(readCheckpoint(text.replace('"root":"', '"root":"x'))).toBeNull();
    }),
  );
  for (const nonsense of ["", "null", "[]", "{}", "1", '{"root":1}']) expect(readCheckpoint(nonsense)).toBeNull();
});

test("a whole chain holds; one that lost, swapped or changed a link does not", () => {
  fc.assert(
    fc.property(runs, fc.nat(), (parts, at) => {
      const chain = chainOf(parts);
      expect(problemsOf(chain)).toEqual([]);
      const which = at % chain.length;
      const changed = chain.map((link, index) =>
        index === which ? { ...link, checkpoint: { ...link.checkpoint, events: link.checkpoint.events + 1 } } : link,
      );
      expect(problemsOf(changed)).not.toEqual([]);
      const [, ...without] = chain;
      expect(problemsOf(without).length).toBe(Math.min(1, without.length));
    }),
  );
});

test("a link that names another before it, or another organization, does not hold", () => {
  const [first, second] = chainOf([
    { events: 1, versions: 2, sealedAtMs: 3 },
    { events: 4, versions: 5, sealedAtMs: 6 },
  ]) as unknown as readonly [Link, Link]; // two parts, two links
  for (const wrong of [
    { organizationId: "two" },
    { previous: hex("x") },
    { previous: null },
    { number: 3 },
    { eventsInAll: 9 },
    { versionsInAll: 9 },
  ])
    expect([wrong, problemsOf([first, { ...second, checkpoint: { ...second.checkpoint, ...wrong } }]).length]).toEqual([wrong, 1]);
});

/** The definition of RFC 6962, 2.1, word for word. */
function treeHash(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return hash(new Uint8Array(0));
  if (leaves.length === 1) return leaves[0] as Uint8Array; // just counted
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return hash(Buffer.concat([Buffer.of(1), treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half))]));
}

test("the root is that of the recursive definition, and moves with every leaf", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 4 }), { maxLength: 70 }), (entries) => {
      const leaves = entries.map((entry) => hash(Buffer.concat([Buffer.of(0), entry])));
      const root = merkleRoot(leaves, hash);
      expect(Buffer.from(root)).toEqual(Buffer.from(treeHash(leaves)));
      expect(Buffer.from(merkleRoot([...leaves.slice(1), hash(Buffer.from("other"))], hash))).not.toEqual(Buffer.from(root));
    }),
  );
});
