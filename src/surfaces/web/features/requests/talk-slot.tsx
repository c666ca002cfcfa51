import { Suspense, lazy } from "react";
import { Skeleton } from "../../shell/states.tsx";

/** Where a request, a plan and a task are talked about. */
export interface TalkSubject {
  readonly kind: "request" | "plan" | "task";
  readonly id: string;
  readonly requestId: string;
  /** `ENG-42`, `ENG-42/backend`. */
  readonly label: string;
}

const CommentsPanel = lazy(async () => ({ default: (await import("./comments-panel.tsx")).CommentsPanel }));

/** The comments of a page. */
export function TalkSlot({ subject: { kind, id, requestId } }: { readonly subject: TalkSubject }) {
  return (
    <Suspense fallback={<Skeleton rows={2} />}>
      <CommentsPanel reference={requestId} {...(kind === "request" ? {} : { about: { kind, id } })} />
    </Suspense>
  );
}
