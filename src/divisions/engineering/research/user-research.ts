import type { Computation, Material } from "../../../core/gate/computation.ts";
import { shareInterval } from "../../../core/shared/intervals.ts";
import type { JsonObject } from "../../../core/shared/json.ts";
import {
  type Place,
  at,
  complain,
  entriesOf,
  fieldsOf,
  flagOf,
  isObject,
  numberOf,
  placeOf,
  refusedFor,
  rounded,
  textOf,
  wordOf,
} from "../specification.ts";
import { cohenKappa } from "./agreement.ts";
import { type Clustering, clusterUtterances, mostClustered } from "./clusters.ts";
import { keyPhrases } from "./key-phrases.ts";
import { stopWords } from "./stop-words.ts";
import { type ResearchSource, type Utterance, splitSource, wordsOf } from "./utterances.ts";

const limits = { sources: 300, chars: 2_000_000, utterances: 6_000, codes: 60, phrases: 40, quotes: 5, page: 200 };

interface Code {
  readonly name: string;
  readonly phrases: readonly string[];
}

interface Study {
  readonly utterances: readonly Utterance[];
  readonly codes: readonly Code[];
  readonly codeSource: "given" | "proposed";
  readonly stop: ReadonlySet<string>;
}

/** Codes what people said, groups it, and shows each theme with how many said it and their own words. */
export function researchUsers({ specification, files }: Material): Computation {
  const root = fieldsOf(placeOf(specification), [
    "sources",
    "participants",
    "speakers",
    "leaveOut",
    "codes",
    "clusters",
    "codings",
    "language",
    "from",
  ]);
  const stop = stopWords[wordOf(at(root, "language"), ["en", "de"], "en")] ?? new Set<string>();
  const utterances = utterancesOf(root, sourcesOf(root, files));
  const given = entriesOf(at(root, "codes"), { most: limits.codes }).map(codeOf);
  const wanted = at(root, "clusters").value === undefined ? null : numberOf(at(root, "clusters"), { least: 1, most: 50, whole: true });
  const from = numberOf(at(root, "from"), { least: 0, most: limits.utterances, whole: true, otherwise: 0 });
  const codings = codingsOf(at(root, "codings"), new Set(utterances.map(({ id }) => id)));
  if (root.problems.length > 0) return refusedFor(root.problems);
  const codes = given.length > 0 ? given : keyPhrases(utterances, stop, 15).map(({ phrase }) => ({ name: phrase, phrases: [phrase] }));
  const study: Study = { utterances, codes, codeSource: given.length > 0 ? "given" : "proposed", stop };
  const coded = utterances.map(({ text }) => codesIn(text, codes));
  return {
    kind: "done",
    file: null,
    result: {
      schema: "xvc.research/1",
      counts: {
        sources: new Set(utterances.map(({ source }) => source)).size,
        participants: participantsIn(utterances),
        utterances: utterances.length,
      },
      codes: {
        from: study.codeSource,
        method:
          study.codeSource === "given"
            ? "words and phrases of the code book, * at a word's end for any ending"
            : "RAKE key phrases of at least two utterances (Rose et al. 2010)",
      },
      themes: codes.map(({ name }, index) => ({
        code: name,
        ...themeOf(
          utterances,
          utterances.filter((_, place) => coded[place]?.has(index)),
        ),
      })),
      uncoded: coded.filter((one) => one.size === 0).length,
      clusters: clustersTold(study, wanted),
      agreement: codings === null ? null : agreementOf(utterances, codings),
      utterances: pageOf(utterances, from, (index) => [...(coded[index] ?? [])].map((code) => codes[code]?.name ?? "")),
      limits:
        "A theme counts utterances that hold its words; irony, negation and other words for the same are not seen. A person reads the quotes before anything follows from a count.",
    },
  };
}

function sourcesOf(root: Place, files: Material["files"]): readonly ResearchSource[] {
  const names = at(root, "participants");
  const fromFiles = files.map(({ name, text }) => ({
    id: name,
    participant: textOf(at(names, name), { most: 100, otherwise: name }),
    text,
  }));
  const told = entriesOf(at(root, "sources"), { most: limits.sources }).map((place, index) => {
    fieldsOf(place, ["id", "participant", "text"]);
    const id = textOf(at(place, "id"), { most: 100, otherwise: `source-${index + 1}`, form: [/^[^#]+$/u, "a name without #"] });
    return {
      id,
      participant: textOf(at(place, "participant"), { most: 100, otherwise: id }),
      text: textOf(at(place, "text"), { most: limits.chars }),
    };
  });
  const all = [...fromFiles, ...told];
  if (all.length === 0) complain(at(root, "sources"), "Nothing is supplied: give sources, or text files.");
  if (new Set(all.map(({ id }) => id)).size < all.length) complain(at(root, "sources"), "Two sources have one id.");
  if (all.reduce((sum, { text }) => sum + text.length, 0) > limits.chars)
    complain(at(root, "sources"), `Together they have more than ${limits.chars} characters.`);
  return all;
}

function utterancesOf(root: Place, sources: readonly ResearchSource[]): readonly Utterance[] {
  const speakers = flagOf(at(root, "speakers"), false);
  const leftOut = new Set(entriesOf(at(root, "leaveOut"), { most: 50 }).map((one) => textOf(one, { most: 100 }).toLowerCase()));
  const all = sources.flatMap((source) => splitSource(source, { speakers, leftOut }));
  if (all.length > limits.utterances)
    complain(at(root, "sources"), `They hold ${all.length} utterances; at most ${limits.utterances} are read.`);
  if (all.length === 0 && sources.length > 0) complain(at(root, "sources"), "They hold nothing that anybody said.");
  return all.slice(0, limits.utterances);
}

function codeOf(place: Place): Code {
  fieldsOf(place, ["code", "phrases"]);
  const phrases = entriesOf(at(place, "phrases"), { least: 1, most: limits.phrases });
  return {
    name: textOf(at(place, "code"), { most: 100 }),
    phrases: phrases.map((one) => textOf(one, { most: 100, form: [/[\p{L}\p{N}]/u, "words"] })),
  };
}

/** Places of the codes whose words stand in a text, one after the other. */
function codesIn(text: string, codes: readonly Code[]): ReadonlySet<number> {
  const words = wordsOf(text);
  return new Set(codes.flatMap(({ phrases }, index) => (phrases.some((phrase) => holds(words, phrase)) ? [index] : [])));
}

function holds(words: readonly string[], phrase: string): boolean {
  const wanted = phrase
    .trim()
    .split(/\s+/u)
    .flatMap((word) => wordsOf(word).map((plain, place, all) => ({ plain, open: word.endsWith("*") && place === all.length - 1 })));
  return words.some((_, from) =>
    wanted.every(({ plain, open }, index) => (open ? words[from + index]?.startsWith(plain) : words[from + index] === plain)),
  );
}

const participantsIn = (utterances: readonly Utterance[]): number => new Set(utterances.map(({ participant }) => participant)).size;

const pageOf = (utterances: readonly Utterance[], from: number, codesOf: (index: number) => readonly string[]): JsonObject => ({
  total: utterances.length,
  next: from + limits.page < utterances.length ? from + limits.page : null,
  items: utterances.slice(from, from + limits.page).map((one, index) => ({ ...quoteOf(one), codes: codesOf(from + index) })),
});

const quoteOf = ({ id, source, participant, start, end, text }: Utterance): JsonObject => ({ id, source, participant, start, end, text });

/** How much of all that was said a theme is, who said it, and quotes: first one of each participant. */
function themeOf(all: readonly Utterance[], own: readonly Utterance[]): JsonObject {
  const firsts = [...Map.groupBy(own, ({ participant }) => participant).values()].flatMap(([first]) =>
    first === undefined ? [] : [first],
  );
  const quotes = [...firsts, ...own.filter((one) => !firsts.includes(one))].slice(0, limits.quotes);
  const people = { hits: participantsIn(own), n: participantsIn(all) };
  return {
    n: own.length,
    share: shareTold(own.length, all.length),
    participants: people.hits,
    participantShare: shareTold(people.hits, people.n),
    quotes: quotes.map(quoteOf),
  };
}

function shareTold(hits: number, n: number): JsonObject {
  const { low, high } = shareInterval(hits, n);
  return { value: n === 0 ? null : rounded(hits / n), low: rounded(low), high: rounded(high), n };
}

function clustersTold({ utterances, stop }: Study, wanted: number | null): JsonObject {
  const taken = utterances.slice(0, mostClustered);
  const { clusters, apart, silhouette }: Clustering = clusterUtterances(taken, stop, wanted);
  return {
    method: "TF-IDF, cosine, average linkage; the number of clusters with the best silhouette unless it is given",
    silhouette: silhouette === null ? null : rounded(silhouette),
    structure:
      silhouette === null || silhouette < 0.25
        ? "hardly any: do not read much into these clusters"
        : silhouette < 0.5
          ? "weak"
          : "reasonable",
    clustered: taken.length - apart.length,
    apart: apart.length,
    notCompared: utterances.length - taken.length,
    items: clusters.map(({ members, terms, middle }) => {
      const centre = taken[middle];
      const own = members.flatMap((member) => taken[member] ?? []);
      return { terms: [...terms], centre: centre === undefined ? null : quoteOf(centre), ...themeOf(utterances, own) };
    }),
  };
}

interface Coding {
  readonly coder: string;
  readonly codes: ReadonlyMap<string, ReadonlySet<string>>;
}

function codingsOf(place: Place, known: ReadonlySet<string>): readonly [Coding, Coding] | null {
  if (place.value === undefined) return null;
  const [one, other] = entriesOf(place, { least: 2, most: 2 }).map((entry) => {
    fieldsOf(entry, ["coder", "codes"]);
    const given = at(entry, "codes");
    const ids = isObject(given.value) ? Object.keys(given.value) : [];
    for (const id of ids) if (!known.has(id)) complain(at(given, id.slice(0, 100)), "There is no utterance of this id.");
    const codes = ids.map(
      (id) => [id, new Set(entriesOf(at(given, id), { most: limits.codes }).map((code) => textOf(code, { most: 100 })))] as const,
    );
    return { coder: textOf(at(entry, "coder"), { most: 100 }), codes: new Map(codes) };
  });
  return one === undefined || other === undefined ? null : [one, other];
}

/** For each code that either used; over the utterances that both looked at. */
function agreementOf(utterances: readonly Utterance[], [one, other]: readonly [Coding, Coding]): JsonObject {
  const both = utterances.flatMap(({ id }) => {
    const [first, second] = [one.codes.get(id), other.codes.get(id)];
    return first === undefined || second === undefined ? [] : [[first, second] as const];
  });
  const codes = [...new Set(both.flatMap(([first, second]) => [...first, ...second]))].toSorted();
  return {
    coders: [one.coder, other.coder],
    method: "Cohen's kappa for each code, over the utterances that both coded (Cohen 1960)",
    codes: codes.map((code) => {
      const { n, observed, expected, kappa } = cohenKappa(both.map(([first, second]) => [first.has(code), second.has(code)] as const));
      return { code, n, observed: rounded(observed), expected: rounded(expected), kappa: kappa === null ? null : rounded(kappa) };
    }),
  };
}
