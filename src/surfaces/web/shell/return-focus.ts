/**
 * Escape on a page that was opened from a row goes back, and focus returns to that row.
 */
import { useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { useKeys } from "./keys.ts";

/** A list may have to be read again before its row is there. */
const patienceMs = 10_000;
const lookAgainMs = 50;

interface Opened {
  /** The list, as an address. */
  readonly from: string;
  /** The row's own address. */
  readonly row: string;
  /** The page it opened. */
  readonly page: string;
}

let opened: Opened | null = null;

/** Who types by then keeps the field. */
function focusRow(address: string, untilMs: number): void {
  if (document.activeElement instanceof HTMLInputElement || document.activeElement instanceof HTMLTextAreaElement) return;
  const row = [...document.querySelectorAll<HTMLElement>("[data-row]")].find((one) => one.getAttribute("href") === address);
  if (row !== undefined) row.focus();
  else if (Date.now() < untilMs) setTimeout(() => focusRow(address, untilMs), lookAgainMs);
}

function noteOpening(event: MouseEvent): void {
  const row = event.target instanceof Element ? event.target.closest("a[data-row]") : null;
  const address = row?.getAttribute("href");
  if (address === null || address === undefined) return;
  opened = { from: location.pathname + location.search, row: address, page: new URL(address, location.origin).pathname };
}

/** Remembers which row opened the page, and gives Escape its way back. */
export function useReturnFocus(): void {
  const router = useRouter();
  const navigate = useNavigate();
  useEffect(() => {
    window.addEventListener("click", noteOpening, { capture: true });
    return () => window.removeEventListener("click", noteOpening, { capture: true });
  }, []);
  useKeys({
    Escape: {
      label: "Back to where it was opened",
      run: () => {
        const way = opened;
        if (way === null || location.pathname !== way.page || location.pathname === new URL(way.from, location.origin).pathname) return;
        opened = null;
        if (router.history.canGoBack()) void navigate({ href: way.from });
        focusRow(way.row, Date.now() + patienceMs);
      },
    },
  });
}
