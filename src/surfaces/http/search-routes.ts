import type { AskedMeaning } from "../../engine/memory/embed-query.ts";
import { labelIn } from "../../engine/memory/search-labels.ts";
import { type Searching, searchView } from "../../engine/memory/search-view.ts";
import { maxSearchHits, memorySearchQuery, searchDocument, searchQuery } from "../../contract/search-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { narrowed, reading } from "./references.ts";

const defaultRows = 20;

/** The palette is for opening things, not for reading. */
const paletteRows = 12;

async function search(use: HttpDependencies, member: Member, searching: Searching) {
  const found = await reading(use, member, (reader) => searchView(reader, searching));
  return { schema: "xvc.search/1" as const, query: searching.text, ...found };
}

/** Shorter texts and labels are looked for as they are, and so is what is typed into the palette: each letter would be sent and paid for. */
const leastMeant = 3;

/** Asked before the reading begins: no transaction waits for a provider. */
async function meaningOf(use: HttpDependencies, member: Member, text: string): Promise<AskedMeaning | undefined> {
  const { askMeaning } = use.present ?? use;
  if (askMeaning === undefined || text.trim().length < leastMeant || labelIn(text) !== undefined) return undefined;
  return askMeaning(
    text.trim(),
    member.projects.map(({ id }) => id),
  );
}

/** Finding things by label and by the words of their texts. */
export const searchRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/search",
    summary: "The things that fit a label or words best, to be opened",
    query: searchQuery,
    answer: searchDocument,
    run: async (use, { member, query }) => {
      const found = await search(use, member, { text: query.q, limit: paletteRows });
      return { ...found, items: found.items.slice(0, maxSearchHits) };
    },
  }),
  endpoint({
    method: "get",
    path: "/api/memory",
    summary: "Everything with these words that the caller may see, ranked, by kind, project, person and time",
    past: true,
    query: memorySearchQuery,
    answer: searchDocument,
    run: async (use, { member, query }) => {
      const within = narrowed(member, query.project);
      return search(use, within, {
        text: query.q,
        meaning: await meaningOf(use, within, query.q),
        limit: query.limit ?? defaultRows,
        kinds: query.kind,
        projectId: query.project === undefined ? undefined : within.projects[0]?.id,
        personId: query.person === "me" ? member.person.id : query.person,
        recordedFromMs: query.fromMs,
        recordedToMs: query.toMs,
        cursor: query.cursor,
      });
    },
  }),
];
