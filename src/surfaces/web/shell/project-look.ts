/** Alike before and after the menu has loaded, so that nothing jumps. */
export const projectButtonLook =
  "flex min-h-8 w-full min-w-0 items-center gap-2 rounded px-2.5 text-sm text-ink-2 hover:bg-wash hover:text-ink data-popup-open:bg-wash max-rail:justify-center max-rail:px-0 max-sm:w-auto max-sm:px-2";
