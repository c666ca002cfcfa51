import { lazy, Suspense, useSyncExternalStore } from "react";
import { useRef } from "react";
import { toastQueue } from "./toast.ts";

const ToastShelf = lazy(async () => ({ default: (await import("./toast-shelf.tsx")).ToastShelf }));

/** The shelf is fetched with the first note. */
export function Toasts() {
  const queue = useSyncExternalStore(toastQueue.watch, toastQueue.now);
  const needed = useRef(false);
  if (queue.length > 0) needed.current = true;
  if (!needed.current) return null;
  return (
    <Suspense fallback={null}>
      <ToastShelf />
    </Suspense>
  );
}
