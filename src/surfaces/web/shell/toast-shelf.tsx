import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";
import { IconButton } from "./controls.tsx";
import { takeToasts, toastQueue } from "./toast.ts";

/** Long enough to read a sentence and reach for the button. */
const shownMs = 7_000;
const maxShown = 3;

const manager = Toast.createToastManager<{ readonly tone: "plain" | "bad" }>();

/** Hands what is queued to the shelf, which keeps the time. */
function useQueue(): void {
  const queue = useSyncExternalStore(toastQueue.watch, toastQueue.now);
  useEffect(() => {
    for (const one of takeToasts()) {
      const { undo } = one;
      const id = manager.add({
        title: one.message,
        timeout: shownMs,
        priority: one.tone === "bad" ? "high" : "low",
        data: { tone: one.tone ?? "plain" },
        ...(undo === undefined
          ? {}
          : {
              actionProps: {
                children: one.undoLabel ?? "Undo",
                onClick: () => {
                  manager.close(id);
                  undo();
                },
              },
            }),
      });
    }
  }, [queue]);
}

function Notes() {
  const { toasts } = Toast.useToastManager<{ readonly tone: "plain" | "bad" }>();
  return toasts.map((one) => (
    <Toast.Root
      key={one.id}
      toast={one}
      className="pointer-events-auto flex w-full items-center gap-3 rounded-md bg-ink py-1.5 pr-1.5 pl-3.5 text-sm text-paper shadow-float transition-opacity data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0"
    >
      {one.data?.tone === "bad" && <span className="font-semibold">Refused</span>}
      <Toast.Title render={<p />} className="min-w-0 flex-1 py-1" />
      {one.actionProps !== undefined && (
        <Toast.Action className="min-h-7 rounded px-2 font-semibold underline underline-offset-2 hover:opacity-80" />
      )}
      <Toast.Close
        render={(props) => <IconButton {...props} label="Close this note" className="text-paper hover:bg-ink-2 hover:text-paper" />}
      >
        <X size={14} aria-hidden="true" />
      </Toast.Close>
    </Toast.Root>
  ));
}

/** Where notes appear: at the foot, above the bar of a phone. */
export function ToastShelf() {
  useQueue();
  return (
    <Toast.Provider toastManager={manager} limit={maxShown}>
      <Toast.Portal>
        <Toast.Viewport
          aria-label="Notes"
          className="no-print pointer-events-none fixed bottom-4 left-1/2 z-40 flex w-[min(440px,calc(100vw-2rem))] -translate-x-1/2 flex-col gap-2 max-sm:bottom-20"
        >
          <Notes />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}
