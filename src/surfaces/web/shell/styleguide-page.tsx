import { useState } from "react";
import { Button } from "./controls.tsx";
import { Page, PageHead } from "./page.tsx";
import { pillLook } from "./pill.ts";
import { StyleguideControls } from "./styleguide-controls.tsx";
import { StyleguideMarks } from "./styleguide-marks.tsx";
import type { ShownTheme } from "./styleguide-part.tsx";
import { StyleguideTokens } from "./styleguide-tokens.tsx";
import { toast } from "./toast.ts";

const views = ["both", "light", "dark"] as const;

/** One sheet in one theme, whatever the page's own is. */
function Sheet({ theme }: { readonly theme: ShownTheme }) {
  return (
    <div data-theme={theme} className="flex min-w-0 flex-col gap-8 rounded border border-line bg-paper p-4 text-ink sm:p-6">
      <p className="text-sm font-semibold">{theme === "light" ? "Light" : "Dark"}</p>
      <StyleguideTokens theme={theme} />
      <StyleguideMarks theme={theme} />
      <StyleguideControls theme={theme} />
    </div>
  );
}

/** Every own component and mark, in both themes: what is not here is not ours. */
export function StyleguidePage() {
  const [view, setView] = useState<(typeof views)[number]>("both");
  const shown: readonly ShownTheme[] = view === "both" ? ["light", "dark"] : [view];
  return (
    <Page title="Style guide" wide>
      <PageHead
        lead
        title="Style guide"
        answer="The parts every page is made of, in both themes."
        acts={
          <>
            {views.map((one) => (
              <button key={one} type="button" aria-pressed={one === view} onClick={() => setView(one)} className={pillLook(one === view)}>
                {one === "both" ? "Both themes" : one === "light" ? "Light" : "Dark"}
              </button>
            ))}
            <Button onClick={() => toast({ message: "Put off until tomorrow.", undo: () => toast({ message: "It is back." }) })}>
              Show a note
            </Button>
          </>
        }
      />
      <div className={view === "both" ? "grid items-start gap-6 xl:grid-cols-2" : ""}>
        {shown.map((theme) => (
          <Sheet key={theme} theme={theme} />
        ))}
      </div>
    </Page>
  );
}
