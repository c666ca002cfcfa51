import type { JsonObject } from "../../src/core/shared/json.ts";

/** One document as every contender stores it, made from its number alone. */
export interface Item {
  readonly id: string;
  readonly key: string;
  readonly title: string;
  readonly data: JsonObject;
  readonly tags: readonly ItemTag[];
}

export interface ItemTag {
  readonly id: string;
  readonly key: string;
  readonly value: string;
}

export const areas = 100;
export const tiers = 4;
/** An item is written twice and carries three tags: five versions. */
export const versionsPerItem = 5;

/** Version 7 shape, growing with the number. */
const idOf = (family: number, number: number): string => {
  const time = (1_700_000_000_000 + number).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${family.toString(16).padStart(12, "0")}`;
};

/** A number that looks random and is the same each time. */
const scatter = (number: number): number => (Math.imul(number + 1, 2_654_435_761) >>> 0) / 2 ** 32;

const syllables = "ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu".split(" ");
const vocabulary = 4_000;

/** Word of a rank; each has its own letters. */
function wordOf(rank: number): string {
  const at = (place: number): string => syllables[Math.floor(rank / syllables.length ** place) % syllables.length] ?? "";
  return `${at(0)}${at(1)}${at(2)}r`;
}

/** Every word is about as frequent as another: 24 of 4,000 in each text. */
const words = (number: number, count: number): string =>
  Array.from({ length: count }, (_, at) => wordOf(Math.floor(scatter(number * 31 + at * 7_919) * vocabulary))).join(" ");

/** A word that stands in some texts. */
export const someWord = (number: number): string => wordOf(Math.floor(scatter(number) * vocabulary));

export const itemId = (number: number): string => idOf(1, number);

export const tagsOf = (number: number): readonly ItemTag[] => [
  { id: idOf(2, number), key: "ref", value: `r${String(number)}` },
  { id: idOf(3, number), key: "area", value: `a${String(number % areas)}` },
  { id: idOf(4, number), key: "tier", value: `t${String(Math.floor(number / areas) % tiers)}` },
];

/** An item at a revision: one word of the text differs from one revision to the next. */
export function itemAt(number: number, revision: number): Item {
  const data = { country: ["DE", "AT", "CH", "FR"][number % 4] ?? "", revision, note: `${words(number, 24)} ${someWord(revision)}` };
  return { id: itemId(number), key: `item-${String(number)}`, title: words(number + 7, 4), data, tags: tagsOf(number) };
}

/** Bytes of the content alone, as plain JSON. */
export const logicalBytes = ({ title, key, data, tags }: Item): number =>
  Buffer.byteLength(JSON.stringify({ key, title, data, tags: tags.map((tag) => [tag.key, tag.value]) }));
