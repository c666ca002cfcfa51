import { wordsIn } from "../../core/memory/search-words.ts";
import { channelKind } from "../../core/oversight/channel.ts";
import { isErasureSteward, shortPersonId } from "../../core/oversight/decide-erasure.ts";
import { handleOf } from "../../core/oversight/find-mentioned.ts";
import type { Person, Wish } from "../../core/oversight/person.ts";
import type { Json } from "../../core/shared/json.ts";
import { type FoundRow, describeRows } from "../memory/search-rows.ts";
import { type TextHit, searchCaps } from "../ports/search.ts";
import type { Reader } from "../ports/store.ts";
import { type MemberView, type NamedPerformer, type People, memberView, namedPerson, readPeople } from "./people-view.ts";

/** A wish with the name of who had it. */
export interface WishView {
  readonly by: NamedPerformer;
  readonly atMs: number;
  readonly reason: string;
}

/** A text that names the person and that no key keeps. */
export interface MentionView extends Pick<FoundRow, "label" | "title" | "address"> {
  readonly kind: string;
  readonly id: string;
}

/** What an erasure would take, what stands in its way, and what would go on naming the person. */
export interface ErasureView {
  readonly person: MemberView;
  /** What somebody types who decides alone. */
  readonly shortId: string;
  readonly standing: "member" | "work-held" | "held" | "ready" | "asked" | "erased";
  readonly asked: WishView | null;
  readonly hold: (WishView & { readonly releaseAsked: WishView | null }) | null;
  /** Names of the others who could agree; none: who asks decides alone. */
  readonly others: readonly string[];
  /** Present texts in the reader's projects, the first `maxMentions`. */
  readonly mentions: readonly MentionView[];
  readonly mentionsGoOn: boolean;
  /** Channels of the organization that send to the person's address. */
  readonly sharedChannels: readonly string[];
}

const maxMentions = 50;
const maxOthers = 20;
const maxChannelsRead = 1_000;

export async function erasureView(reader: Reader, person: Person, viewerId: string): Promise<ErasureView> {
  const [people, mentions, shared] = await Promise.all([readPeople(reader), mentionsOf(reader, person), channelsTo(reader, person)]);
  const { erasure = null, legalHold = null } = person;
  return {
    person: memberView(person, [], null),
    shortId: shortPersonId(person),
    standing: standingOf(person),
    asked: wishView(people, erasure),
    hold: legalHold === null ? null : { ...wishFrom(people, legalHold), releaseAsked: wishView(people, legalHold.release) },
    others: [...people.values()]
      .filter((member) => member.id !== viewerId && isErasureSteward(member))
      .slice(0, maxOthers)
      .map(({ name }) => name),
    mentions: mentions.slice(0, maxMentions),
    mentionsGoOn: mentions.length > maxMentions,
    sharedChannels: shared,
  };
}

function standingOf({ erasedAtMs, legalHold = null, state, workReturned, erasure = null }: Person): ErasureView["standing"] {
  if (erasedAtMs !== undefined) return "erased";
  if (legalHold !== null) return "held";
  if (state !== "removed") return "member";
  if (workReturned !== true) return "work-held";
  return erasure === null ? "ready" : "asked";
}

const wishFrom = (people: People, { by, atMs, reason }: Wish): WishView => ({ by: namedPerson(people, by), atMs, reason });
const wishView = (people: People, wish: Wish | null): WishView | null => (wish === null ? null : wishFrom(people, wish));

/** Texts with the whole name, the address or the handle that people type after `@`. */
async function mentionsOf(reader: Reader, person: Person): Promise<readonly MentionView[]> {
  if (person.erasedAtMs !== undefined) return [];
  const sought = [person.name, ...(person.email === null ? [] : [person.email]), handleOf(person)].filter((text) => text !== "");
  const found = await Promise.all(sought.map((text) => reader.search({ words: wordsIn(text), skip: 0, limit: searchCaps.pageRows })));
  const naming = found.flatMap(({ hits }, at) => hits.filter((hit) => !hit.near && namesThem(hit, sought[at] ?? "")));
  const once = [...new Map(naming.map((hit) => [`${hit.kind} ${hit.id}`, hit])).values()];
  const rows = await describeRows(reader, once);
  return once.flatMap(({ kind, id, title }) => {
    const row = rows.get(`${kind} ${id}`);
    return row === undefined ? [] : [{ kind, id, label: row.label, title: title === "" ? row.title : title, address: row.address }];
  });
}

/** All of the words one after another, not only somewhere. */
const namesThem = ({ title, body }: TextHit, text: string): boolean =>
  ` ${wordsIn(`${title} ${body}`).join(" ")} `.includes(` ${wordsIn(text).join(" ")} `);

async function channelsTo(reader: Reader, { email }: Person): Promise<readonly string[]> {
  if (email === null) return [];
  const shared = await reader.find(channelKind, { where: { personId: null, state: ["active", "paused"] }, limit: maxChannelsRead });
  return shared.flatMap(({ name, target }) => (textOf(target["address"]).toLowerCase() === email ? [name] : []));
}

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");
