import type { AttemptTrust } from "../../../../contract/trust-contract.ts";
import { plainWords } from "../../shell/words.ts";

/** How far whoever did it is trusted, who judges the result and why, and what a person said against its understanding. */
export function AttemptTrustLine({ trust }: { readonly trust: AttemptTrust | undefined }) {
  if (trust === undefined) return null;
  const { provisional, personaVersion, watch, redirection } = trust;
  return (
    <>
      <p className="flex flex-wrap gap-x-3 gap-y-1 text-sm text-ink-3">
        {provisional && <span className="rounded border border-line px-1.5 font-medium text-wait">Provisional</span>}
        {personaVersion !== null && <span>version {personaVersion}</span>}
        {watch !== null && <span>{judgeText(watch)}</span>}
      </p>
      {provisional && (
        <p className="text-sm text-ink-3">
          It has not passed its suite with what did this: somebody else judges every result, and it does nothing of consequence.
        </p>
      )}
      {redirection !== null && (
        <p className="border-l-2 border-line pl-2 text-sm">
          <span className="font-medium">{redirection.by.name} redirected it:</span> {redirection.direction}
        </p>
      )}
    </>
  );
}

const judges = { nobody: "Its checks were enough", reviewer: "Judged by somebody else", person: "Judged by a person" } as const;

function judgeText({ by, rung, draw, share, reasons }: NonNullable<AttemptTrust["watch"]>): string {
  const lot =
    draw === null
      ? ""
      : ` The lot: ${Math.round(share * 100)} % are judged, ${draw < share ? "this one was drawn" : "this one was not drawn"}.`;
  const why = reasons.length === 0 ? "" : `: ${reasons.join("; ")}`;
  return `${judges[by]}${rung === null ? "" : ` (${plainWords(rungWords[rung])})`}${why}.${lot}`;
}

const rungWords = { suggest: "suggest", review: "do, then review", sampled: "do, reviewed by sample" } as const;
