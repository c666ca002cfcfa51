/** Short notes at the edge of the page: an act is done, and here is how to take it back. Refusals stand beside their button instead. */

export interface Toast {
  readonly message: string;
  /** Offered for a reversible act only. */
  readonly undo?: () => void;
  /** The word on the button that takes it back. */
  readonly undoLabel?: string;
  /** A refusal of something that has no place of its own on the page. */
  readonly tone?: "plain" | "bad";
}

export interface QueuedToast extends Toast {
  readonly id: number;
}

/** More wait in line; a storm of notes tells nobody anything. */
const maxQueued = 20;

let queue: readonly QueuedToast[] = [];
let lastId = 0;
const watchers = new Set<() => void>();

function become(next: readonly QueuedToast[]): void {
  queue = next;
  for (const told of watchers) told();
}

/** Shows a note for some seconds; longer while it is pointed at or focused. */
export function toast(shown: Toast): void {
  lastId += 1;
  become([...queue, { ...shown, id: lastId }].slice(-maxQueued));
}

export const takeToasts = (): readonly QueuedToast[] => {
  const taken = queue;
  if (taken.length > 0) become([]);
  return taken;
};

export const toastQueue = {
  watch: (changed: () => void): (() => void) => {
    watchers.add(changed);
    return () => watchers.delete(changed);
  },
  now: (): readonly QueuedToast[] => queue,
};
