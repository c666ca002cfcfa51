import type { ReactNode } from "react";

export type ShownTheme = "light" | "dark";

/** A part of the style guide; its name carries the theme, since both stand on one page. */
export function Part({ theme, title, children }: { readonly theme: ShownTheme; readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={`${title}, ${theme}`} className="flex min-w-0 flex-col gap-3">
      <h2 className="eyebrow border-b border-line pb-1">{title}</h2>
      {children}
    </section>
  );
}
