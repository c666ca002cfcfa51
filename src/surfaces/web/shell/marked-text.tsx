import type { ExcerptDocument } from "../../../contract/search-contract.ts";

/** A text with what was found in it marked. The places are numbers and the text stays text: nothing of it becomes markup. */
export function MarkedText({ text, ranges }: ExcerptDocument) {
  const parts = ranges.map(({ from, to }, at) => ({ from, plain: text.slice(ranges[at - 1]?.to ?? 0, from), found: text.slice(from, to) }));
  return (
    <>
      {parts.map(({ from, plain, found }) => (
        <span key={from}>
          {plain}
          <mark className="rounded-sm bg-wait-wash px-px font-semibold text-ink">{found}</mark>
        </span>
      ))}
      {text.slice(ranges.at(-1)?.to ?? 0)}
    </>
  );
}
