/** Where a request, a plan and a task are talked about. */
export interface TalkSubject {
  readonly kind: "request" | "plan" | "task";
  readonly id: string;
  readonly requestId: string;
  /** `ENG-42`, `ENG-42/backend`. */
  readonly label: string;
}

/** The place of comments on a page; empty until there are any. */
export function TalkSlot({ subject }: { readonly subject: TalkSubject }) {
  return <div data-talk={subject.kind} hidden />;
}
