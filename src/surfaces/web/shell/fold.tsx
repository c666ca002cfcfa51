import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { twMerge } from "tailwind-merge";

interface FoldProps {
  readonly title: string;
  /** How things stand, in a few words, for whoever does not open it. */
  readonly says: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a page that is opened when it is wanted. What is closed is neither shown nor read from the server. */
export function Fold({ title, says, children }: FoldProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <section aria-label={title} className="flex min-w-0 flex-col border-b border-line">
      <h2>
        <button
          type="button"
          data-row
          aria-expanded={isOpen}
          aria-controls={id}
          className="flex min-h-10 w-full flex-wrap items-center gap-x-3 py-1.5 text-left hover:bg-wash"
          onClick={() => setOpen(!isOpen)}
        >
          <ChevronRight
            size={15}
            aria-hidden="true"
            className={twMerge("shrink-0 text-ink-3 transition-transform", isOpen && "rotate-90")}
          />
          <span className="text-sm font-semibold">{title}</span>
          <span className="ml-auto text-sm font-normal text-ink-3 max-sm:ml-7 max-sm:basis-full">{says}</span>
        </button>
      </h2>
      <div id={id} className={isOpen ? "pt-2 pb-6 sm:pl-7" : "hidden"}>
        {isOpen && children}
      </div>
    </section>
  );
}
