import { Bot, Hand, UserRound } from "lucide-react";
import { titleWords } from "../shell/words.ts";

interface PerformerProps {
  readonly kind: "person" | "persona";
  readonly name: string;
  /** How a persona's work is done: `human` means that a person claims it. */
  readonly executor?: string | null | undefined;
}

/** A person stands in a disc and has a name; a persona stands in a square and has a role. Never confused. */
export function PerformerName({ kind, name, executor }: PerformerProps) {
  const person = kind === "person";
  const open = !person && executor === "human";
  const Icon = person ? UserRound : open ? Hand : Bot;
  return (
    <span className="inline-flex max-w-full min-w-0 items-center gap-1.5" title={open ? "For a person to claim" : undefined}>
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
      <span className="sr-only">{person ? "Person: " : open ? "For a person to claim, as persona: " : "Persona: "}</span>
      <span className={person ? "truncate font-medium" : "truncate text-ink-2"}>{person ? name : titleWords(name)}</span>
    </span>
  );
}
