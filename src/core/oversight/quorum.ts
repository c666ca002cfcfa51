import type { DecideContext } from "../shared/decide-context.ts";
import { type PersonId, asId } from "../shared/ids.ts";
import { type Decided, beginTransition, refuse } from "../shared/transition.ts";
import { type Authority, type GivenAnswer, answerProblem } from "./authority.ts";
import { type InboxItem, inboxItemKind } from "./inbox-item.ts";
import type { Vote } from "./item-parts.ts";

/** Choices that let something go ahead. Whatever is not here holds back, so a choice nobody thought of is the stricter one. */
const approving: ReadonlySet<string> = new Set(["approve", "accept", "pass", "allow", "release", "go-on", "yes"]);

export const isApproving = (choice: string): boolean => approving.has(choice);

/**
 * The votes that count for a choice: each person once, and whoever was stood in for not a second time. In the order given.
 */
export function countedVotes(item: Pick<InboxItem, "votes" | "excludedPersonIds">, choice: string): readonly Vote[] {
  const spoken = new Set<string>();
  return (item.votes ?? []).filter((vote) => {
    const voices = [vote.personId, ...(vote.inPlaceOfId === null ? [] : [vote.inPlaceOfId])];
    const counts =
      vote.choice === choice && !voices.some((voice) => spoken.has(voice) || item.excludedPersonIds.some((excluded) => excluded === voice));
    if (counts) for (const voice of voices) spoken.add(voice);
    return counts;
  });
}

/** Whom a granted authority stands in for; null: the decider themselves. */
export function representedPerson(authority: Authority): PersonId | null {
  if (authority.kind === "denied") return null;
  const id = /^(?:delegated-by|substitute-of):(?<id>[^,\s]+)/u.exec(authority.rule)?.groups?.["id"];
  return id === undefined ? null : asId<"person">(id);
}

/** A vote in the name of the context's actor. */
export const voteOf = (given: Pick<Vote, "choice" | "reason">, authority: Authority, context: DecideContext): Vote => ({
  personId: asId<"person">(context.actor.id),
  inPlaceOfId: representedPerson(authority),
  choice: given.choice,
  reason: given.reason,
  atMs: context.nowMs,
});

/**
 * Counts an approving answer as a vote while more people have to agree. Null: the answer decides, because it is the last
 * that was needed, or because it holds back: the stricter answer wins at once. An item keeps fewer votes of a choice than it asks for.
 */
export function decideVote(
  { item, authority }: { readonly item: InboxItem; readonly authority: Authority },
  answer: GivenAnswer,
  context: DecideContext,
): Decided | null {
  const quorum = item.quorum ?? 1;
  if (quorum <= 1 || authority.kind === "denied" || answerProblem(item, answer) !== null || !isApproving(answer.choice)) return null;
  const vote = voteOf(answer, authority, context);
  const before = countedVotes(item, answer.choice);
  const votes = [...(item.votes ?? []), vote];
  const after = countedVotes({ ...item, votes }, answer.choice);
  if (after.length === before.length)
    return refuse(
      "conflict",
      "inbox.already-voted",
      "Your agreement, or that of the person you stand in for, is already counted here; somebody else has to agree too.",
    );
  if (after.length >= quorum) return null;
  const draft = beginTransition();
  draft.change(inboxItemKind, item, { votes });
  draft.record(inboxItemKind, item, "decision.voted", {
    requestId: item.requestId,
    choice: vote.choice,
    by: vote.personId,
    inPlaceOf: vote.inPlaceOfId,
    agreed: after.length,
    quorum,
  });
  return draft.accept({ id: item.id, state: item.state, agreed: after.length, quorum });
}
