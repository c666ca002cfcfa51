import { BookOpen, OctagonAlert, PencilLine, Send } from "lucide-react";
import type { ToolDocument } from "../../../../contract/gate-contract.ts";
import { plainWords } from "../../shell/words.ts";
import { groupWords } from "./tools-data.ts";

const icons = { read: BookOpen, write: PencilLine, outward: Send, destructive: OctagonAlert } as const;
const tones = { read: "text-ink-2", write: "text-ink-2", outward: "text-wait", destructive: "text-bad" } as const;

export type Group = ToolDocument["group"];

const isGroup = (text: string): text is Group => Object.hasOwn(icons, text);

/** A group that came with stored data; what is none is the worst. */
export const groupOf = (text: string): Group => (isGroup(text) ? text : "destructive");

/** What a tool does to the world: the plain group, and the kind that decides. */
export function EffectGroupMark({ group, kind }: { readonly group: Group; readonly kind: string }) {
  const Icon = icons[group];
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm ${tones[group]}`}>
      <Icon size={14} aria-hidden="true" className="shrink-0" />
      <span>
        {groupWords[group]} <span className="text-ink-3">({plainWords(kind)})</span>
      </span>
    </span>
  );
}
