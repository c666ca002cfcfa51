import { checkSearchPage } from "../../engine/ports/search.ts";
import {
  type MadeVector,
  type TextKey,
  type VectorFound,
  type VectorModel,
  type VectorReader,
  type VectorSearch,
  likenessOf,
  mostCompared,
  vectorCaps,
} from "../../engine/ports/vectors.ts";
import { type Document, documentsOf, isIn } from "./memory-search.ts";
import type { KeptVector } from "./memory-record.ts";
import { type MemoryView, inScope } from "./memory-view.ts";

const keyOf = ({ kind, id, projectId, version }: TextKey): string => `${kind} ${id} ${projectId ?? ""} ${String(version)}`;

const isOf = (kept: KeptVector | undefined, { providerId, model }: VectorModel): kept is KeptVector =>
  kept?.of.providerId === providerId && kept.of.model === model;

/** The vectors of `0022-similarity.sql` by reading every text: `O(rows of the scope)`. */
export function vectorsIn(view: MemoryView, ready: () => Promise<void>): VectorReader {
  const { vectors } = view.record;
  const presentTexts = (isWanted: (projectId: string | null) => boolean): readonly Document[] =>
    documentsOf(view, view.sight().atMs).filter((document) => isWanted(document.projectId));
  return {
    async nearest(search) {
      await ready();
      return nearestIn(view, search);
    },
    async missing({ of, projectId, limit }) {
      await ready();
      checkSearchPage({ skip: 0, limit: Math.min(limit, 100) });
      return presentTexts((own) => own === projectId)
        .filter((document) => !isOf(vectors.get(keyOf(document)), of))
        .toSorted((one, other) => other.recordedAtMs - one.recordedAtMs || (one.id > other.id ? -1 : 1))
        .slice(0, Math.min(limit, vectorCaps.atOnce))
        .map(({ kind, id, projectId: project, version, text }) => ({
          kind,
          id,
          projectId: project,
          version,
          title: text.title,
          body: text.body,
        }));
    },
    async tally({ of, projectIds, withOrganization }) {
      await ready();
      const texts = presentTexts((own) => (own === null ? withOrganization : projectIds.includes(own)));
      const kept = texts.flatMap((document) => {
        const one = vectors.get(keyOf(document));
        return isOf(one, of) ? [one] : [];
      });
      const refused = kept.filter(({ vector }) => vector === null).length;
      return { texts: texts.length, vectors: kept.length - refused, refused };
    },
  };
}

function nearestIn(view: MemoryView, search: VectorSearch): VectorFound {
  checkSearchPage({ skip: 0, limit: search.limit });
  const own = view.sight().atMs;
  const atMs = search.atMs === undefined ? own : Math.min(search.atMs, own ?? Number.POSITIVE_INFINITY);
  const known = documentsOf(view, atMs)
    .filter((document) => isIn(document, search))
    .flatMap((document) => {
      const kept = view.record.vectors.get(keyOf(document));
      const fits = isOf(kept, search.of) && kept.vector?.length === search.vector.length;
      return fits ? [{ document, number: kept.number, vector: kept.vector ?? new Float32Array() }] : [];
    })
    .toSorted((one, other) => other.number - one.number);
  const most = mostCompared(search.vector.length);
  const hits = known
    .slice(0, most)
    .map(({ document, number, vector }) => ({ document, number, likeness: likenessOf(vector, search.vector) }))
    .filter(({ likeness }) => likeness >= vectorCaps.leastLikeness)
    .toSorted((one, other) => other.likeness - one.likeness || other.number - one.number)
    .slice(0, search.limit)
    .map(({ document: { kind, id, projectId, recordedAtMs, text } }) => ({
      kind,
      id,
      projectId,
      recordedAtMs,
      title: text.title,
      body: text.body,
      near: false,
    }));
  return { hits, compared: Math.min(known.length, most), isCapped: known.length > most };
}

/** Keeps vectors of texts that are there now. */
export function keepVectorsIn(view: MemoryView, of: VectorModel, made: readonly MadeVector[]): number {
  const { record } = view;
  const there = new Set(documentsOf(view, null).map(keyOf));
  const kept = made.filter((one) => inScope(view.scope, { ...view.scope, projectId: one.projectId }) && there.has(keyOf(one)));
  for (const one of kept) record.vectors.set(keyOf(one), { of, vector: one.vector, number: ++record.sequences });
  return kept.length;
}
