import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Ellipsis, Keyboard, Plus, Search } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { twMerge } from "tailwind-merge";
import { meQuery } from "../queries.ts";
import { IconButton, Key } from "./controls.tsx";
import { Dialog } from "./dialog.tsx";
import { DensityButton, ThemeButton } from "./look-buttons.tsx";
import { useMay } from "./may.ts";
import { useNeedsMe } from "./needs-me.ts";
import { type KnownPlace, type Place, places } from "./places.ts";
import { ProjectSwitcher } from "./project-switcher.tsx";
import { SignOutButton } from "./sign-out-button.tsx";

const HaltControl = lazy(async () => ({ default: (await import("../features/gate/halt-control.tsx")).HaltControl }));

/** The stop for everything; fetched after the page, and only for who is signed in. */
function Halt() {
  const me = useQuery({ ...meQuery, enabled: false });
  if (me.data === undefined) return null;
  return (
    <div data-acts className="contents">
      <Suspense fallback={null}>
        <HaltControl />
      </Suspense>
    </div>
  );
}

/** What the rail and the phone's bar open. */
export interface RailActs {
  readonly onKeys: () => void;
  readonly onPalette: () => void;
}

/** `⌘K` where there is a ⌘, `Ctrl K` elsewhere. */
export const paletteKeyText: string = /Mac|iPhone|iPad/u.test(navigator.userAgent) ? "⌘K" : "Ctrl K";

const linkLook =
  "group relative flex min-h-8 items-center gap-2.5 rounded px-2.5 text-sm hover:bg-wash hover:text-ink max-rail:justify-center max-rail:px-0";
const phoneLook = "max-sm:min-h-13 max-sm:flex-1 max-sm:flex-col max-sm:justify-center max-sm:gap-0.5 max-sm:rounded-none max-sm:text-xs";

function PlaceLink({ place, needs, onOpen }: { readonly place: KnownPlace; readonly needs: number; readonly onOpen?: () => void }) {
  const count = place.to === "/inbox" && needs > 0 ? needs : null;
  return (
    <Link
      to={place.to}
      activeOptions={{ exact: place.to === "/", includeSearch: false }}
      activeProps={{ className: "font-semibold text-ink before:bg-accent bg-wash" }}
      inactiveProps={{ className: "text-ink-2 before:bg-transparent" }}
      onClick={onOpen}
      className={twMerge(
        linkLook,
        phoneLook,
        // The mark of the present place: a stroke of ink at the edge, as a tab in a register.
        "before:absolute before:inset-y-1.5 before:left-0 before:w-0.5 before:rounded-full max-sm:before:inset-x-4 max-sm:before:inset-y-auto max-sm:before:top-0 max-sm:before:h-0.5 max-sm:before:w-auto",
      )}
    >
      <span className="relative">
        <place.Icon size={16} strokeWidth={1.75} aria-hidden="true" />
        {count !== null && (
          <span
            aria-hidden="true"
            className="absolute -top-2 -right-2.5 min-w-4 rounded-full bg-accent px-1 text-center text-xs leading-4 font-semibold text-on-accent rail:hidden"
          >
            {count}
          </span>
        )}
      </span>
      <span className="max-rail:sr-only max-sm:not-sr-only">{place.label}</span>
      {count !== null && (
        <span className="ml-auto rounded-full bg-accent px-1.5 text-xs font-semibold text-on-accent max-rail:sr-only">
          {count}
          <span className="sr-only"> need you</span>
        </span>
      )}
    </Link>
  );
}

const startsGroup = (place: KnownPlace, at: number): boolean => at > 0 && places[at - 1]?.group !== place.group;

function Initials({ name }: { readonly name: string }) {
  const letters = name
    .split(/\s+/u)
    .map((part) => part.charAt(0))
    .join("")
    .slice(0, 2)
    .toUpperCase();
  return (
    <span
      aria-hidden="true"
      className="inline-flex size-7 shrink-0 items-center justify-center rounded-full bg-ink text-xs font-semibold text-paper"
    >
      {letters}
    </span>
  );
}

/** Who the page believes the reader to be, and as what. */
function WhoAmI() {
  const me = useQuery(meQuery);
  if (me.data === undefined) return null;
  const { name, roles } = me.data.person;
  return (
    <div className="flex items-center gap-2.5 px-2 max-rail:justify-center max-rail:px-0" title={`${name}: ${roles.join(", ")}`}>
      <Initials name={name} />
      <p className="min-w-0 max-rail:sr-only">
        <span className="block truncate text-sm font-medium">{name}</span>
        <span className="block truncate text-xs text-ink-3">{roles.join(", ")}</span>
      </p>
    </div>
  );
}

function Organization() {
  const me = useQuery(meQuery);
  return (
    <span className="flex min-w-0 items-center gap-2.5 px-2.5 max-rail:justify-center max-rail:px-0 max-sm:px-0">
      <img src="/favicon.svg" alt="" width="20" height="20" />
      <span className="truncate text-sm font-semibold max-rail:sr-only max-sm:not-sr-only">{me.data?.organization.name ?? "xVC"}</span>
    </span>
  );
}

/** For those who may file one. */
function NewRequest() {
  const may = useMay();
  if (!may("submit-request")) return null;
  return (
    <Link
      to="/requests/new"
      className="flex min-h-8 items-center gap-2.5 rounded bg-accent px-2.5 text-sm font-medium text-on-accent hover:opacity-90 max-rail:justify-center max-rail:px-0"
    >
      <Plus size={16} aria-hidden="true" className="shrink-0" />
      <span className="max-rail:sr-only">New request</span>
      <span className="ml-auto max-rail:hidden">
        <Key on>C</Key>
      </span>
    </Link>
  );
}

/** From 640 px: the rail, with words from 1,025 px on. */
export function Rail({ onKeys, onPalette }: RailActs) {
  const needs = useNeedsMe();
  return (
    <header className="no-print sticky top-0 flex h-dvh w-[220px] shrink-0 flex-col gap-3 overflow-y-auto border-r border-line px-3 py-3.5 max-rail:w-14 max-rail:px-2 max-sm:hidden">
      <div className="flex flex-col gap-1.5">
        <div className="flex min-h-8 items-center max-rail:justify-center">
          <Organization />
        </div>
        <ProjectSwitcher />
      </div>
      <div className="flex flex-col gap-1.5">
        <button
          type="button"
          aria-keyshortcuts="Control+K Meta+K"
          onClick={onPalette}
          className="flex min-h-8 items-center gap-2.5 rounded border border-line bg-sheet px-2.5 text-sm text-ink-3 hover:border-line-strong hover:text-ink max-rail:justify-center max-rail:px-0"
        >
          <Search size={15} aria-hidden="true" className="shrink-0" />
          <span className="max-rail:sr-only">Find or do</span>
          <span aria-hidden="true" className="id ml-auto max-rail:hidden">
            {paletteKeyText}
          </span>
        </button>
        <NewRequest />
      </div>
      <nav aria-label="Main" className="flex flex-col gap-px">
        {places.map((place, at) => (
          <div key={place.to} className={twMerge("flex flex-col", startsGroup(place, at) && "mt-1.5 border-t border-line pt-1.5")}>
            <PlaceLink place={place} needs={needs} />
          </div>
        ))}
      </nav>
      <div className="mt-auto flex flex-col gap-2 border-t border-line pt-3">
        <Halt />
        <WhoAmI />
        <div className="flex items-center gap-0.5 max-rail:flex-col">
          <ThemeButton />
          <DensityButton />
          <IconButton label="Keys on this page" onClick={onKeys} aria-keyshortcuts="?">
            <Keyboard size={16} aria-hidden="true" />
          </IconButton>
          <SignOutButton />
        </div>
      </div>
    </header>
  );
}

/** Under 640 px: a bar at the thumb with four places, the rest under "More". */
export function PhoneBar() {
  const needs = useNeedsMe();
  const [more, setMore] = useState(false);
  const close = () => setMore(false);
  return (
    <nav
      aria-label="Main"
      className="no-print fixed inset-x-0 bottom-0 z-20 flex border-t border-line bg-sheet pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {places
        .filter((place: Place) => place.onPhone === true)
        .map((place) => (
          <PlaceLink key={place.to} place={place} needs={needs} />
        ))}
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => setMore(true)}
        className="flex min-h-13 flex-1 flex-col items-center justify-center gap-0.5 text-xs text-ink-2"
      >
        <Ellipsis size={16} aria-hidden="true" />
        More
      </button>
      {more && (
        <Dialog title="All pages" onClose={close}>
          <ul className="grid grid-cols-3 gap-1">
            {places.map((place) => (
              <li key={place.to} className="flex">
                <PlaceLink place={place} needs={0} onOpen={close} />
              </li>
            ))}
          </ul>
          <div className="mt-3 flex items-center justify-between border-t border-line pt-3">
            <WhoAmI />
            <Halt />
            <SignOutButton />
          </div>
        </Dialog>
      )}
    </nav>
  );
}

/** Under 640 px: a slim head. */
export function PhoneHead({ onPalette }: Pick<RailActs, "onPalette">) {
  const may = useMay();
  return (
    <header className="no-print flex items-center justify-between gap-2 border-b border-line px-4 py-1.5 sm:hidden">
      <Organization />
      <span className="flex shrink-0 items-center">
        <ProjectSwitcher />
        <ThemeButton />
        <IconButton label="Find or do" onClick={onPalette}>
          <Search size={16} aria-hidden="true" />
        </IconButton>
        {may("submit-request") && (
          <Link
            to="/requests/new"
            aria-label="New request"
            className="inline-flex size-8 items-center justify-center rounded text-accent hover:bg-wash"
          >
            <Plus size={18} aria-hidden="true" />
          </Link>
        )}
      </span>
    </header>
  );
}
