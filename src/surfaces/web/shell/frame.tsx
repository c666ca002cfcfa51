import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { isSignedOut } from "../api.ts";
import { useConnection } from "../live.ts";
import { meQuery } from "../queries.ts";
import { Announcer } from "./announce.tsx";
import { listenForKeys, stepRow, useKeys } from "./keys.ts";
import { KeysSheet } from "./keys-sheet.tsx";
import { useMay } from "./may.ts";
import { PageMoment } from "./page-moment.tsx";
import { places } from "./places.ts";
import { PhoneBar, PhoneHead, Rail } from "./rail.tsx";
import { useReturnFocus } from "./return-focus.ts";
import { ErrorState, SignedOut } from "./states.tsx";
import { Toasts } from "./toasts.tsx";

const HaltBanner = lazy(async () => ({ default: (await import("../features/gate/halt-control.tsx")).HaltBanner }));

const fetchPalette = () => import("./palette.tsx");
const Palette = lazy(async () => ({ default: (await fetchPalette()).Palette }));

/** The palette is fetched once the page stands, so that its first key finds it there. */
const quietMs = 1_500;

function StaleBanner() {
  const connection = useConnection();
  return (
    <div role="status" className="no-print">
      {connection === "lost" && (
        <p className="border-b border-wait bg-wait-wash px-4 py-1.5 text-center text-sm font-medium text-wait">
          Reconnecting. What you see may be stale.
        </p>
      )}
    </div>
  );
}

function useShellKeys(openSheet: () => void): void {
  const navigate = useNavigate();
  const may = useMay();
  useEffect(listenForKeys, []);
  useReturnFocus();
  useKeys({
    ...Object.fromEntries(
      places.map((place) => [`g ${place.key}`, { label: `Go to ${place.label}`, run: () => void navigate({ to: place.to }) }]),
    ),
    ...(may("submit-request") ? { c: { label: "New request", run: () => void navigate({ to: "/requests/new" }) } } : {}),
    j: { label: "Next row", run: () => stepRow(1) },
    k: { label: "Previous row", run: () => stepRow(-1) },
    "?": { label: "This list", run: openSheet },
  });
}

/** ⌘K and Ctrl+K open the palette from anywhere, a field included. */
function usePaletteKey(open: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "k" || event.altKey || event.shiftKey || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      flushSync(open);
    };
    const fetching = setTimeout(() => void fetchPalette(), quietMs);
    window.addEventListener("keydown", onKey);
    return () => {
      clearTimeout(fetching);
      window.removeEventListener("keydown", onKey);
    };
  }, [open]);
}

/** Parts that read what only a signed-in person may read, fetched after the page. */
function SignedInOnly({ children }: { readonly children: ReactNode }) {
  const me = useQuery({ ...meQuery, enabled: false });
  return me.data === undefined || isSignedOut(me.error) ? null : <Suspense fallback={null}>{children}</Suspense>;
}

/** The page itself; for a reader who is signed out, or was never reached, what to do about it. What was read before stays while the server is away. */
function FramedPage() {
  const me = useQuery(meQuery);
  if (isSignedOut(me.error)) return <SignedOut />;
  if (!me.isError || me.data !== undefined)
    return (
      <PageMoment>
        <Outlet />
      </PageMoment>
    );
  return (
    <div className="p-8">
      <h1 className="sr-only">Not reachable</h1>
      <ErrorState error={me.error} onRetry={() => void me.refetch()} />
    </div>
  );
}

/** The frame around every page of a signed-in person. */
export function Frame() {
  const [sheet, setSheet] = useState(false);
  const [palette, setPalette] = useState(false);
  const openPalette = useCallback(() => setPalette(true), []);
  useShellKeys(() => setSheet(true));
  usePaletteKey(openPalette);
  return (
    <div className="flex min-h-dvh flex-col sm:flex-row">
      <a
        href="#main"
        className="sr-only z-50 rounded bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <PhoneHead onPalette={openPalette} />
      <Rail onKeys={() => setSheet(true)} onPalette={openPalette} />
      <div className="flex min-w-0 flex-1 flex-col">
        <StaleBanner />
        <SignedInOnly>
          <HaltBanner />
        </SignedInOnly>
        <main id="main" className="flex min-w-0 flex-1 flex-col">
          <FramedPage />
        </main>
      </div>
      <PhoneBar />
      <Announcer />
      <Toasts />
      {sheet && <KeysSheet onClose={() => setSheet(false)} />}
      {palette && (
        <Suspense fallback={null}>
          <Palette onClose={() => setPalette(false)} />
        </Suspense>
      )}
    </div>
  );
}
