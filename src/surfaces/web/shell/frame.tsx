import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { BookOpen, Bot, ClipboardList, House, Inbox, Keyboard, ListChecks, Monitor, Moon, Plus, Sun, type LucideIcon } from "lucide-react";
import { useEffect, useState } from "react";
import { isSignedOut } from "../api.ts";
import { useConnection } from "../live.ts";
import { meQuery } from "../queries.ts";
import { Announcer } from "./announce.tsx";
import { IconButton } from "./controls.tsx";
import { KeysSheet } from "./keys-sheet.tsx";
import { SignOutButton } from "./sign-out-button.tsx";
import { listenForKeys, stepRow, useKeys } from "./keys.ts";
import { useNeedsMe } from "./needs-me.ts";
import { ErrorState, SignedOut } from "./states.tsx";
import { setTheme, type Theme, useTheme } from "./theme.ts";

interface Place {
  readonly to: "/" | "/inbox" | "/requests" | "/tasks" | "/playbooks" | "/personas";
  readonly label: string;
  readonly Icon: LucideIcon;
  readonly key: string;
  /** Stands in the bottom bar of a phone. */
  readonly onPhone: boolean;
}

const places: readonly Place[] = [
  { to: "/", label: "Home", Icon: House, key: "h", onPhone: true },
  { to: "/inbox", label: "Inbox", Icon: Inbox, key: "i", onPhone: true },
  { to: "/requests", label: "Requests", Icon: ListChecks, key: "r", onPhone: true },
  { to: "/tasks", label: "My work", Icon: ClipboardList, key: "w", onPhone: true },
  { to: "/playbooks", label: "Playbooks", Icon: BookOpen, key: "b", onPhone: true },
  { to: "/personas", label: "Personas", Icon: Bot, key: "p", onPhone: false },
];

function PlaceLink({ place, needs }: { readonly place: Place; readonly needs: number }) {
  const count = place.to === "/inbox" && needs > 0 ? needs : null;
  return (
    <Link
      to={place.to}
      activeOptions={{ exact: place.to === "/" }}
      activeProps={{ className: "bg-wash font-semibold text-ink" }}
      inactiveProps={{ className: "text-ink-2" }}
      className="flex min-h-8 items-center gap-2.5 rounded px-2.5 text-sm hover:bg-wash hover:text-ink max-lg:justify-center max-lg:px-0 max-sm:min-h-12 max-sm:flex-1 max-sm:flex-col max-sm:justify-center max-sm:gap-0.5 max-sm:rounded-none max-sm:text-xs"
    >
      <span className="relative">
        <place.Icon size={16} aria-hidden="true" />
        {count !== null && (
          <span
            aria-hidden="true"
            className="absolute -top-2 -right-2.5 min-w-4 rounded-full bg-accent px-1 text-center text-xs leading-4 font-semibold text-on-accent lg:hidden"
          >
            {count}
          </span>
        )}
      </span>
      <span className="max-lg:sr-only max-sm:not-sr-only">{place.label}</span>
      {count !== null && (
        <span className="ml-auto rounded-full bg-accent px-1.5 text-xs font-semibold text-on-accent max-lg:sr-only">
          {count}
          <span className="sr-only"> need you</span>
        </span>
      )}
    </Link>
  );
}

const themes: Readonly<Record<Theme, { readonly next: Theme; readonly Icon: LucideIcon; readonly label: string }>> = {
  system: { next: "light", Icon: Monitor, label: "Theme: as the system. Switch to light" },
  light: { next: "dark", Icon: Sun, label: "Theme: light. Switch to dark" },
  dark: { next: "system", Icon: Moon, label: "Theme: dark. Follow the system" },
};

function ThemeButton() {
  const { next, Icon, label } = themes[useTheme()];
  return (
    <IconButton label={label} onClick={() => setTheme(next)}>
      <Icon size={16} aria-hidden="true" />
    </IconButton>
  );
}

function Rail({ onKeys }: { readonly onKeys: () => void }) {
  const me = useQuery(meQuery);
  const needs = useNeedsMe();
  return (
    <header className="no-print sticky top-0 flex h-dvh w-[220px] shrink-0 flex-col gap-4 border-r border-line px-3 py-4 max-lg:w-14 max-lg:px-2 max-sm:hidden">
      <div className="flex items-center gap-2 px-2.5 max-lg:justify-center max-lg:px-0">
        <img src="/favicon.svg" alt="" width="20" height="20" />
        <span className="truncate text-sm font-semibold max-lg:sr-only">{me.data?.organization.name ?? "xVC"}</span>
      </div>
      <Link
        to="/requests/new"
        className="flex min-h-8 items-center gap-2.5 rounded border border-line-strong bg-sheet px-2.5 text-sm font-medium hover:bg-wash max-lg:justify-center max-lg:px-0"
      >
        <Plus size={16} aria-hidden="true" />
        <span className="max-lg:sr-only">New request</span>
      </Link>
      <nav aria-label="Main" className="flex flex-col gap-0.5">
        {places.map((place) => (
          <PlaceLink key={place.to} place={place} needs={needs} />
        ))}
      </nav>
      <div className="mt-auto flex flex-col gap-1">
        <p className="truncate px-2.5 text-sm text-ink-2 max-lg:sr-only" title={me.data?.person.name}>
          {me.data?.person.name}
        </p>
        <div className="flex items-center gap-1 max-lg:flex-col">
          <ThemeButton />
          <IconButton label="Keys on this page" onClick={onKeys} aria-keyshortcuts="?">
            <Keyboard size={16} aria-hidden="true" />
          </IconButton>
          <SignOutButton />
        </div>
      </div>
    </header>
  );
}

/** Under 640 px: a slim head and a bar at the thumb. */
function PhoneBar() {
  const needs = useNeedsMe();
  return (
    <nav
      aria-label="Main"
      className="no-print fixed inset-x-0 bottom-0 z-20 flex border-t border-line bg-sheet pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {places
        .filter((place) => place.onPhone)
        .map((place) => (
          <PlaceLink key={place.to} place={place} needs={needs} />
        ))}
    </nav>
  );
}

function PhoneHead() {
  const me = useQuery(meQuery);
  return (
    <header className="no-print flex items-center justify-between border-b border-line px-4 py-1.5 sm:hidden">
      <span className="flex min-w-0 items-center gap-2">
        <img src="/favicon.svg" alt="" width="18" height="18" />
        <span className="truncate text-sm font-semibold">{me.data?.organization.name ?? "xVC"}</span>
      </span>
      <span className="flex items-center">
        <ThemeButton />
        <Link
          to="/requests/new"
          aria-label="New request"
          className="inline-flex size-8 items-center justify-center rounded text-ink-2 hover:bg-wash"
        >
          <Plus size={18} aria-hidden="true" />
        </Link>
        <SignOutButton />
      </span>
    </header>
  );
}

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
  useEffect(listenForKeys, []);
  useKeys({
    ...Object.fromEntries(
      places.map((place) => [`g ${place.key}`, { label: `Go to ${place.label}`, run: () => void navigate({ to: place.to }) }]),
    ),
    c: { label: "New request", run: () => void navigate({ to: "/requests/new" }) },
    j: { label: "Next row", run: () => stepRow(1) },
    k: { label: "Previous row", run: () => stepRow(-1) },
    "?": { label: "This list", run: openSheet },
  });
}

/** The page itself; for a reader who is signed out, or was never reached, what to do about it. What was read before stays while the server is away. */
function FramedPage() {
  const me = useQuery(meQuery);
  if (isSignedOut(me.error)) return <SignedOut />;
  if (!me.isError || me.data !== undefined) return <Outlet />;
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
  useShellKeys(() => setSheet(true));
  return (
    <div className="flex min-h-dvh flex-col sm:flex-row">
      <a
        href="#main"
        className="sr-only z-50 rounded bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <PhoneHead />
      <Rail onKeys={() => setSheet(true)} />
      <div className="flex min-w-0 flex-1 flex-col">
        <StaleBanner />
        <main id="main" className="flex min-w-0 flex-1 flex-col">
          <FramedPage />
        </main>
      </div>
      <PhoneBar />
      <Announcer />
      {sheet && <KeysSheet onClose={() => setSheet(false)} />}
    </div>
  );
}
