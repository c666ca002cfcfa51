import type { TaskDetail } from "../../../../contract/task-contract.ts";
import type { Json } from "../../../../core/shared/json.ts";
import { Section } from "../../shell/page.tsx";
import { plainWords, titleWords } from "../../shell/words.ts";

/** Why this performer: the ranked candidates as the assignment recorded them. */
export function PerformerWhy({ assignment }: { readonly assignment: TaskDetail["assignment"] }) {
  const ranked = rankedOf(assignment?.["ranked"]);
  if (ranked.length === 0) return null;
  return (
    <Section title="Why this performer" aside={`of ${ranked.length} looked at`}>
      <ol className="text-sm">
        {ranked.map((one) => (
          <li key={`${one.persona} ${one.executor}`} className="flex flex-col py-0.5">
            <span className="flex items-baseline justify-between gap-3">
              <span className="min-w-0 truncate font-medium">{titleWords(one.persona)}</span>
              <span className="shrink-0 text-xs text-ink-3 tabular-nums">{one.score}</span>
            </span>
            <span className="text-xs text-ink-3">
              {one.executor}
              {one.why === "" ? "" : `: ${plainWords(one.why)}`}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

interface Ranked {
  readonly persona: string;
  readonly executor: string;
  readonly score: string;
  readonly why: string;
}

const textOf = (value: Json | undefined): string =>
  typeof value === "string" ? value : Array.isArray(value) ? value.filter((one) => typeof one === "string").join(", ") : "";

function rankedOf(value: Json | undefined): readonly Ranked[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly Json[]).flatMap((one) => {
    if (typeof one !== "object" || one === null || Array.isArray(one)) return [];
    const { persona, executor, score, why } = one as { readonly [field: string]: Json };
    return [
      {
        persona: textOf(persona),
        executor: textOf(executor),
        score: typeof score === "number" ? `score ${score.toFixed(2)}` : "",
        why: textOf(why),
      },
    ];
  });
}
