import { openAskBack } from "../../core/oversight/decide-ask-back.ts";
import { decisionKind } from "../../core/oversight/decision.ts";
import { type InboxItem, inboxItemKind, isItemClosed } from "../../core/oversight/inbox-item.ts";
import { toldRoles } from "../../core/oversight/ladder.ts";
import type { Person, Role } from "../../core/oversight/person.ts";
import { countedVotes, isApproving } from "../../core/oversight/quorum.ts";
import { ruleTextOf } from "../../core/oversight/rule-texts.ts";
import { requestKind, requestLabel } from "../../core/requests/request.ts";
import { projectKindOf } from "../../core/oversight/person.ts";
import type { Reader } from "../ports/store.ts";
import { type NamedPerformer, type People, namedPerson } from "./people-view.ts";
import { requestIdsOf } from "./item-place.ts";

interface PersonName {
  readonly personId: string;
  readonly name: string;
}

/** What a person sees beside the question itself: time, agreement, reason, money, precedents. */
export interface ItemContextView {
  readonly clock: {
    readonly dueAtMs: number | null;
    readonly pausedAtMs: number | null;
    readonly remindersAtMs: readonly number[];
    readonly atExpiry: string;
    readonly ladder: readonly { readonly atMs: number; readonly who: readonly string[] }[];
  };
  readonly agreement: {
    readonly quorum: number;
    readonly votes: readonly (PersonName & { readonly choice: string; readonly reason: string; readonly atMs: number })[];
    readonly stillNeeded: readonly PersonName[];
  };
  readonly why: {
    readonly ruleId: string;
    readonly ruleText: string;
    readonly policies: readonly { readonly key: string; readonly version: number; readonly statement: string }[];
  };
  readonly money: { readonly costMicro: number; readonly currency: string } | null;
  readonly laterUntilMs: number | null;
  readonly askBacks: readonly {
    readonly by: NamedPerformer;
    readonly of: NamedPerformer;
    readonly question: string;
    readonly askedAtMs: number;
    readonly reply: string | null;
    readonly repliedBy: NamedPerformer | null;
    readonly repliedAtMs: number | null;
  }[];
  readonly handOvers: readonly {
    readonly from: NamedPerformer;
    readonly to: NamedPerformer;
    readonly reason: string;
    readonly atMs: number;
  }[];
}

/** Names shown of those who hear of a step, or whose agreement is open. */
const maxNames = 20;

const whoMay = (item: InboxItem, roles: readonly Role[], people: People): readonly Person[] =>
  [...people.values()].filter(
    (person) =>
      person.state === "active" &&
      !item.excludedPersonIds.some((id) => id === person.id) &&
      (item.personIds === undefined || item.personIds.some((id) => id === person.id)) &&
      (roles.length === 0 || roles.some((role) => person.roles.includes(role))),
  );

function clockView(item: InboxItem, people: People): ItemContextView["clock"] {
  const { clock } = item;
  if (clock === undefined || isItemClosed(item))
    return {
      dueAtMs: null,
      pausedAtMs: null,
      remindersAtMs: [],
      atExpiry: isItemClosed(item) ? "" : "It waits without a due time.",
      ladder: [],
    };
  return {
    dueAtMs: clock.dueAtMs,
    pausedAtMs: clock.pausedAtMs,
    remindersAtMs: clock.steps.flatMap((step) => (step.kind === "remind" ? [step.atMs] : [])),
    atExpiry: atExpiry(item),
    ladder: clock.steps.flatMap((step) =>
      step.kind === "escalate"
        ? [
            {
              atMs: step.atMs,
              who: whoMay(item, toldRoles(item, step.roles), people)
                .slice(0, maxNames)
                .map((person) => person.name),
            },
          ]
        : [],
    ),
  };
}

function atExpiry(item: InboxItem): string {
  const choice = item.choices.find((candidate) => candidate.id === item.defaultChoice);
  if (choice !== undefined) return `Without an answer, "${choice.label}" is applied and recorded.`;
  return item.clock?.isOverdue === true
    ? "The due time has passed; it stays open and the people below hear of it."
    : "It stays open, counts as overdue, and the people below hear of it. Time alone approves nothing.";
}

function agreementView(item: InboxItem, people: People): ItemContextView["agreement"] {
  const quorum = item.quorum ?? 1;
  const votes = item.votes ?? [];
  const counted = new Set(
    item.choices
      .filter(({ id }) => isApproving(id))
      .flatMap(({ id }) => countedVotes(item, id).flatMap((vote) => [vote.personId, vote.inPlaceOfId])),
  );
  const open = quorum > 1 && !isItemClosed(item);
  return {
    quorum,
    votes: votes.map(({ personId, choice, reason, atMs }) => ({ personId, name: nameOf(people, personId), choice, reason, atMs })),
    stillNeeded: open
      ? whoMay(item, item.roles, people)
          .filter((person) => ![...counted].some((id) => id === person.id))
          .slice(0, maxNames)
          .map(({ id, name }) => ({ personId: id, name }))
      : [],
  };
}

const nameOf = (people: People, id: string): string => people.get(id)?.name ?? id;

function moneyOf({ evidence, amountMicro }: InboxItem): ItemContextView["money"] {
  const { costMicro = amountMicro, currency } = evidence;
  return typeof costMicro === "number" && Number.isSafeInteger(costMicro) && costMicro >= 0 && typeof currency === "string"
    ? { costMicro, currency }
    : null;
}

/** Everything around an item that needs no further reading. */
export const itemContextView = (
  item: InboxItem,
  people: People,
  viewer: { readonly id: string; readonly nowMs: number },
): ItemContextView => ({
  clock: clockView(item, people),
  agreement: agreementView(item, people),
  why: { ruleId: item.ruleId, ruleText: ruleTextOf(item.ruleId), policies: [] },
  money: moneyOf(item),
  laterUntilMs: laterUntil(item, viewer),
  askBacks: (item.askBacks ?? []).map((asked) => ({
    by: namedPerson(people, asked.byId),
    of: namedPerson(people, asked.ofId),
    question: asked.question,
    askedAtMs: asked.askedAtMs,
    reply: asked.reply,
    repliedBy: asked.repliedById === null ? null : namedPerson(people, asked.repliedById),
    repliedAtMs: asked.reply === null ? null : asked.settledAtMs,
  })),
  handOvers: (item.handOvers ?? []).map(({ fromId, toId, reason, atMs }) => ({
    from: namedPerson(people, fromId),
    to: namedPerson(people, toId),
    reason,
    atMs,
  })),
});

/** Until when the viewer keeps the item out of their list; null: it is in it. */
export function laterUntil(item: InboxItem, viewer: { readonly id: string; readonly nowMs: number }): number | null {
  const untilMs = item.laterUntilMs?.[viewer.id];
  return untilMs !== undefined && untilMs > viewer.nowMs ? untilMs : null;
}

/** Whether an open question about the item waits for this person. */
export const asksPerson = (item: InboxItem, personId: string): boolean => !isItemClosed(item) && openAskBack(item)?.ofId === personId;

export interface EarlierDecisionView {
  readonly decisionId: string;
  readonly label: string;
  readonly title: string;
  readonly choice: string;
  readonly byName: string;
  readonly atMs: number;
}

/** Answered items looked at for earlier decisions, the newest first. */
const maxLookedAt = 100;
const maxEarlier = 5;

/** What was decided before under the same rule, the newest first: at most 5 of the last 100 answers of this kind. */
export async function earlierDecisions(reader: Reader, item: InboxItem, people: People): Promise<readonly EarlierDecisionView[]> {
  const answered = (
    await reader.find(inboxItemKind, { where: { kind: item.kind, state: "answered" }, newestFirst: true, limit: maxLookedAt })
  )
    .filter((other) => other.ruleId === item.ruleId && other.id !== item.id)
    .slice(0, maxEarlier);
  if (answered.length === 0) return [];
  const [decisions, requests] = await Promise.all([
    reader.find(decisionKind, { where: { subjectId: answered.map((other) => other.subjectId) }, newestFirst: true, limit: maxLookedAt }),
    reader.getMany(requestKind, requestIdsOf(answered)),
  ]);
  const projects = await reader.getMany(projectKindOf, [...new Set(requests.map((request) => request.projectId))]);
  return answered.flatMap((other) => {
    const request = requests.find((one) => one.id === other.requestId);
    if (other.answer === null || request === undefined) return [];
    const { choice, by, atMs } = other.answer;
    return [
      {
        decisionId: decisions.find((one) => one.subjectId === other.subjectId && one.choice === choice)?.id ?? other.id,
        label: requestLabel(projects.find((project) => project.id === request.projectId)?.key ?? "?", request.number),
        title: other.title,
        choice,
        byName: nameOf(people, by),
        atMs,
      },
    ];
  });
}
