import { BookOpen, Bot, Globe, UserRound } from "lucide-react";

export type Origin = "person" | "rule" | "persona" | "outside";

const looks = {
  person: { Icon: UserRound, word: "person" },
  rule: { Icon: BookOpen, word: "rule" },
  persona: { Icon: Bot, word: "persona" },
  outside: { Icon: Globe, word: "outside" },
} as const;

/** Where a thing comes from: a person, a rule (code, a playbook), a persona, or outside the organization. */
export function OriginTag({ origin, name }: { readonly origin: Origin; readonly name?: string }) {
  const { Icon, word } = looks[origin];
  return (
    <span title={`Origin: ${word}`} className="inline-flex min-w-0 items-center gap-1 text-xs text-ink-2">
      <Icon size={12} aria-hidden="true" className="shrink-0" />
      <span className="sr-only">Origin: {word}</span>
      <span className="truncate">{name ?? word}</span>
    </span>
  );
}
