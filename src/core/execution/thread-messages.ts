import { type SaidPart, type Turn, openCalls } from "./turn.ts";

/** A conversation as a model is told it; see `ModelMessage` of the port. */
export type ThreadMessage =
  | { readonly role: "user"; readonly text: string }
  | { readonly role: "model"; readonly parts: readonly SaidPart[] }
  | { readonly role: "tools"; readonly answers: readonly { readonly callId: string; readonly tool: string; readonly text: string }[] };

/**
 * The conversation of a thread up to now, and what is told next. A vendor's own marks go back to the provider that made them; another
 * one is told the words and calls without them, and no thoughts.
 */
export function threadMessages(
  opening: string,
  turns: readonly Turn[],
  next: { readonly told: string | null; readonly providerId: string },
): readonly ThreadMessage[] {
  const messages: ThreadMessage[] = [{ role: "user", text: opening }];
  for (const turn of turns) {
    if (turn.state !== "answered") continue;
    if (turn.told !== null) messages.push({ role: "user", text: turn.told });
    const parts = partsFor(turn, next.providerId);
    if (parts.length === 0) continue;
    messages.push({ role: "model", parts });
    if (turn.answers.length > 0 && openCalls(turn).length === 0)
      messages.push({ role: "tools", answers: turn.answers.map(({ callId, tool, text }) => ({ callId, tool, text })) });
  }
  if (next.told !== null) messages.push({ role: "user", text: next.told });
  return messages;
}

const partsFor = ({ parts, providerId }: Turn, asked: string): readonly SaidPart[] =>
  providerId === asked ? parts : parts.filter(({ kind }) => kind !== "reasoning").map((part) => ({ ...part, opaque: null }));
