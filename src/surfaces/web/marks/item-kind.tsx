import { AtSign, CircleAlert, CircleHelp, FileDiff, type LucideIcon, ScanEye, Stamp, TriangleAlert } from "lucide-react";
import { twMerge } from "tailwind-merge";
import type { InboxItemSummary } from "../../../contract/inbox-contract.ts";

interface Look {
  readonly Icon: LucideIcon;
  readonly word: string;
  readonly look: string;
}

const looks: Readonly<Record<InboxItemSummary["kind"], Look>> = {
  approval: { Icon: Stamp, word: "Approval", look: "text-accent" },
  question: { Icon: CircleHelp, word: "Question", look: "text-accent" },
  check: { Icon: ScanEye, word: "Check", look: "text-accent" },
  patch: { Icon: FileDiff, word: "Change of a plan", look: "text-accent" },
  mention: { Icon: AtSign, word: "Mention", look: "text-ink-2" },
  escalation: { Icon: TriangleAlert, word: "Escalation", look: "text-bad" },
  "unknown-effect": { Icon: CircleAlert, word: "Effect with an unknown end", look: "text-bad" },
};

export const itemKindWord = (kind: InboxItemSummary["kind"]): string => looks[kind].word;

/** What kind of question it is, by shape; the word is read out. */
export function ItemKindMark({ kind, className }: { readonly kind: InboxItemSummary["kind"]; readonly className?: string }) {
  const { Icon, word, look } = looks[kind];
  return (
    <span title={word} className={twMerge("inline-flex shrink-0", look, className)}>
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
      <span className="sr-only">{word}: </span>
    </span>
  );
}
