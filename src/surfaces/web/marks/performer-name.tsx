import { Bot, UserRound } from "lucide-react";
import { plainWords } from "../shell/words.ts";

interface PerformerProps {
  readonly kind: "person" | "persona";
  readonly name: string;
}

/** A person stands in a disc and has a name; a persona stands in a square and has a role. Never confused. */
export function PerformerName({ kind, name }: PerformerProps) {
  const person = kind === "person";
  const Icon = person ? UserRound : Bot;
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5">
      <span
        aria-hidden="true"
        className={
          person
            ? "inline-flex size-4 shrink-0 items-center justify-center rounded-full bg-ink text-paper"
            : "inline-flex size-4 shrink-0 items-center justify-center rounded-sm border border-line-strong text-ink-2"
        }
      >
        <Icon size={11} />
      </span>
      <span className="sr-only">{person ? "Person: " : "Persona: "}</span>
      <span className={person ? "truncate font-medium" : "truncate text-ink-2"}>{person ? name : plainWords(name)}</span>
    </span>
  );
}
