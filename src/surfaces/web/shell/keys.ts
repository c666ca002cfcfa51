/**
 * The keys of the page in one registry: the `?` sheet and the palette read it too. A key that nothing answers yet (a list still loads,
 * a page's code is on its way) is kept for a moment and tried again, so that fast hands lose nothing.
 */
import { useLayoutEffect, useRef, useSyncExternalStore } from "react";

/** What a key does here, and the words under which the `?` sheet and the palette list it. */
export interface KeyAct {
  readonly label: string;
  /** `"not-yet"`: what it acts on is still loading; the key is kept and tried again. */
  readonly run: () => void | "not-yet";
  /** It decides at once: never run for a key that was pressed before its button was there. */
  readonly decides?: boolean;
}

export type KeyMap = { readonly [key: string]: KeyAct };

/** A `g` waits this long for its letter: between the two strokes, however late a busy page gets to them. */
const prefixMs = 1_200;
/** A key that found nothing is tried again for this long. */
const keptMs = 5_000;
const tryAgainMs = 50;
const maxKept = 8;
const storageKey = "xvc.single-keys";

interface Pressed {
  readonly key: string;
  readonly atMs: number;
}

/** Innermost last: a page's keys win over the shell's. */
const layers: { current: KeyMap }[] = [];
const watchers = new Set<() => void>();
let kept: readonly Pressed[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let prefixAtMs = 0;
let enabled = readEnabled();

function readEnabled(): boolean {
  try {
    return localStorage.getItem(storageKey) !== "off";
  } catch {
    // Storage may be refused; the keys then work for this tab.
    return true;
  }
}

export function setSingleKeys(on: boolean): void {
  enabled = on;
  try {
    localStorage.setItem(storageKey, on ? "on" : "off");
  } catch {
    // Nothing to keep it in: it holds until the tab is closed.
  }
  for (const told of watchers) told();
}

const watch = (changed: () => void): (() => void) => {
  watchers.add(changed);
  return () => watchers.delete(changed);
};

export const useSingleKeys = (): boolean => useSyncExternalStore(watch, () => enabled);

/**
 * Keys that hold while the component is on screen, from the moment its buttons are. `"g r"` is G then R; letters are lower case.
 */
export function useKeys(map: KeyMap): void {
  const layer = useRef(map);
  useLayoutEffect(() => {
    layer.current = map;
  });
  useLayoutEffect(() => {
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
    };
  }, []);
}

/** Every key that works now, the page's own first. */
export function actsNow(): readonly (readonly [key: string, act: KeyAct])[] {
  const all = new Map<string, KeyAct>();
  for (const layer of layers.toReversed()) for (const [key, act] of Object.entries(layer.current)) if (!all.has(key)) all.set(key, act);
  return [...all];
}

const keyNames: { readonly [key: string]: string } = { Escape: "Esc", " ": "Space" };

/** `G then R`, `Esc`: how a key is written for people. */
export const keyText = (key: string): string =>
  key
    .split(" ")
    .map((part) => keyNames[part] ?? part.toUpperCase())
    .join(" then ");

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

function find(key: string): KeyAct | undefined {
  for (let at = layers.length - 1; at >= 0; at -= 1) {
    const act = layers[at]?.current[key];
    if (act !== undefined) return act;
  }
  return undefined;
}

const hasOpenDialog = (): boolean => document.querySelector("dialog[open], [role=dialog][data-open], [role=menu]") !== null;

/** Belongs to the browser, to a handler nearer to the focus, or to an open dialog or menu. */
const isElsewhere = (event: KeyboardEvent): boolean =>
  event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || hasOpenDialog();

type End = "done" | "blocked" | "unknown";

/** `done`; `blocked`: it is known and has nothing to act on yet; `unknown`: nobody here knows it. */
function attempt(key: string, late: boolean): End {
  if (key === "Enter") {
    // Only kept behind a key that moves: opens what that one focused.
    if (document.activeElement instanceof HTMLElement) document.activeElement.click();
    return "done";
  }
  const act = find(key);
  if (act === undefined) return "unknown";
  if (late && act.decides === true) return "done"; // its button was not there when the key was pressed
  return act.run() === "not-yet" ? "blocked" : "done";
}

function keep(key: string): void {
  kept = [...kept, { key, atMs: Date.now() }].slice(-maxKept);
  timer ??= setTimeout(tryKept, tryAgainMs);
}

/** Kept keys run in their order: behind one that waits for its list, the next one waits too. */
function tryKept(): void {
  timer = undefined;
  const waiting = kept.filter((one) => Date.now() - one.atMs < keptMs);
  kept = [];
  if (hasOpenDialog() || isTyping(document.activeElement)) return;
  let blocked: boolean = false;
  for (const one of waiting) {
    const end: End = blocked ? "blocked" : attempt(one.key, true);
    blocked ||= end === "blocked";
    if (end !== "done") kept = [...kept, one];
  }
  if (kept.length > 0) timer = setTimeout(tryKept, tryAgainMs);
}

const isBlocked = (): boolean => kept.some((one) => one.key === "Enter" || find(one.key) !== undefined);

/** Escape works always; single keys only when switched on, never in a field. Of the longer names only Escape is ours, and Enter behind a key that waits. */
function isOurs(event: KeyboardEvent, key: string): boolean {
  if (isElsewhere(event)) return false;
  if (key === "Escape") return true;
  return enabled && !isTyping(event.target) && (key.length === 1 || (key === "Enter" && isBlocked()));
}

/** The key with its prefix; nothing for the prefix itself. */
function withPrefix(key: string, struckAtMs: number): string | undefined {
  const prefixed = prefixAtMs > 0 && struckAtMs - prefixAtMs < prefixMs;
  prefixAtMs = key === "g" && !prefixed ? struckAtMs : 0;
  if (prefixAtMs > 0) return undefined;
  return prefixed ? `g ${key}` : key;
}

function onKey(event: KeyboardEvent): void {
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const key = isOurs(event, pressed) ? withPrefix(pressed, event.timeStamp) : undefined;
  if (key === undefined) return;
  const end = isBlocked() ? "blocked" : attempt(key, false);
  if (end !== "done") keep(key);
  if (end !== "unknown") event.preventDefault();
}

/** A hand on the mouse means something else now. */
const forget = (): void => {
  kept = [];
};

/** Listens for the tab; returns the way to stop. */
export function listenForKeys(): () => void {
  window.addEventListener("keydown", onKey);
  window.addEventListener("pointerdown", forget);
  return () => {
    forget();
    window.removeEventListener("keydown", onKey);
    window.removeEventListener("pointerdown", forget);
  };
}

/** Moves focus to the next or previous row of the list in view (`data-row`). `"not-yet"`: there is no row. */
export function stepRow(by: 1 | -1): void | "not-yet" {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")].filter((row) => row.offsetParent !== null);
  if (rows.length === 0) return "not-yet";
  const focused = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const at = focused >= 0 ? focused : rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
  rows[next]?.focus();
  return undefined;
}
