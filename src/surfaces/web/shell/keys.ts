import { useEffect, useRef, useSyncExternalStore } from "react";

/** What a key does here, and the words under which the `?` sheet lists it. */
export interface KeyAct {
  readonly label: string;
  readonly run: () => void;
}

export type KeyMap = { readonly [key: string]: KeyAct };

/** A `g` waits this long for its letter. */
const prefixMs = 1_200;
const storageKey = "xvc.single-keys";

/** Innermost last: a page's keys win over the shell's. */
const layers: { current: KeyMap }[] = [];
const watchers = new Set<() => void>();
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

/** Keys that hold while the component is on screen. `"g r"` is G then R; letters are lower case. */
export function useKeys(map: KeyMap): void {
  const layer = useRef(map);
  useEffect(() => {
    layer.current = map;
  });
  useEffect(() => {
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
    };
  }, []);
}

/** Every key that works now, for the `?` sheet. */
export function keysNow(): readonly (readonly [string, string])[] {
  const all = new Map<string, string>();
  for (const layer of layers) for (const [key, act] of Object.entries(layer.current)) all.set(key, act.label);
  return [...all];
}

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

/** Belongs to the browser, to a handler nearer to the focus, or to an open dialog. */
const isElsewhere = (event: KeyboardEvent): boolean =>
  event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") !== null;

/** Escape works always; single keys only when switched on, never in a field, never under an open dialog. */
function onKey(event: KeyboardEvent): void {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (isElsewhere(event) || (key !== "Escape" && (!enabled || isTyping(event.target)))) return;
  const prefixed = Date.now() - prefixAtMs < prefixMs;
  prefixAtMs = 0;
  if (key === "g" && !prefixed) {
    prefixAtMs = Date.now();
    return;
  }
  const act = find(prefixed ? `g ${key}` : key);
  if (act === undefined) return;
  event.preventDefault();
  act.run();
}

/** Listens for the tab; returns the way to stop. */
export function listenForKeys(): () => void {
  window.addEventListener("keydown", onKey);
  return () => window.removeEventListener("keydown", onKey);
}

/** Moves focus to the next or previous row of the list in view (`data-row`). */
export function stepRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")].filter((row) => row.offsetParent !== null);
  const at = rows.findIndex(
    (row) => row === document.activeElement || row.contains(document.activeElement) || row.hasAttribute("aria-current"),
  );
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
  rows[next]?.focus();
}
