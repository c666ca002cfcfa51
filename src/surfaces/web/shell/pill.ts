import { twMerge } from "tailwind-merge";

/** A rounded choice among a few: a filter, a way to write. */
export const pillLook = (chosen: boolean): string =>
  twMerge(
    "inline-flex min-h-7 items-center rounded-full border border-line px-3 text-sm whitespace-nowrap text-ink-2 hover:bg-wash",
    chosen && "border-accent bg-accent-wash font-medium text-ink",
  );
