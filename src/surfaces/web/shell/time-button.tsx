import { Popover } from "@base-ui/react/popover";
import { History } from "lucide-react";
import { buttonLook } from "./controls.tsx";
import { TimePanel } from "./time-panel.tsx";
import type { TimeSubject } from "./time-subject.ts";

/** Opens the way into the past of what a page is about. */
export function TimeButton({ subject }: { readonly subject: TimeSubject }) {
  return (
    <Popover.Root>
      <Popover.Trigger className={buttonLook({ tone: "plain" })}>
        <History size={14} aria-hidden="true" />
        As it was
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="end" collisionPadding={12} className="z-30">
          <Popover.Popup className="flex w-[min(34rem,calc(100vw-1.5rem))] flex-col gap-3 rounded-md bg-sheet p-4 shadow-float outline-none">
            <div className="flex flex-col gap-1">
              <Popover.Title className="text-base font-semibold">As it was</Popover.Title>
              <Popover.Description className="text-sm text-ink-2">
                Shows {subject.name} as the record had it at an instant. Nothing changes by looking.
              </Popover.Description>
            </div>
            <TimePanel subject={subject} atMs={null} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
