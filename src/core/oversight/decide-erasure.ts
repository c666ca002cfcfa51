import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, beginTransition, refuse } from "../shared/transition.ts";
import { isActive } from "./authority.ts";
import { type Channel, channelKind } from "./channel.ts";
import { type Person, type Wish, personKind } from "./person.ts";

/** Asks for the erasure of a removed person or, by a second person, agrees to it: then their key is destroyed. */
export interface ErasePerson {
  readonly kind: "erase-person";
  readonly personId: string;
  readonly reason: string;
  /** The short id of the person, typed by somebody who decides alone. */
  readonly confirmation: string | null;
}

/** Takes the wish for an erasure back, or turns it down. */
export interface KeepPerson {
  readonly kind: "keep-person";
  readonly personId: string;
  readonly reason: string;
}

/** Puts a legal hold on what is personal of somebody, or lifts it: one person asks, a second agrees. */
export interface HoldPerson {
  readonly kind: "hold-person" | "release-person";
  readonly personId: string;
  readonly reason: string;
  /** As at an erasure; looked at where a hold is lifted. */
  readonly confirmation: string | null;
}

export interface ErasureSlice {
  /** Who acts. */
  readonly person: Person | undefined;
  /** Whom it is about; locked. */
  readonly subject: Person | undefined;
  /** Active members: among them a second person is looked for. */
  readonly members: readonly Person[];
  /** Of the subject, those not removed. */
  readonly channels: readonly Channel[];
}

const maxReasonLength = 2_000;

/** What somebody types who decides alone. */
export const shortPersonId = ({ id }: Pick<Person, "id">): string => id.slice(-8);

/** Who may decide about erasures and holds; a program's account never. */
export const isErasureSteward = (person: Person | undefined): person is Person =>
  isActive(person) && person.roles.some((role) => role === "administrator" || role === "director");

/**
 * Erases a removed person: an administrator asks, a second administrator or director agrees. The store destroys the key in the same
 * transaction; the event that stays says who, when and why, and nothing of the person.
 *
 * Source: docs/decisions/0017-a-key-per-person.md
 */
export function decideErasure(slice: ErasureSlice, command: ErasePerson, context: DecideContext): Decided {
  const about = aboutSubject(slice);
  if ("failure" in about) return about;
  const { person, subject } = about;
  const wish = subject.erasure ?? null;
  const problem = readinessProblem(subject) ?? (wish === null ? wishProblem(person, subject, command.reason) : null);
  if (problem !== null) return problem;
  const agreed = agreement(slice, { wish, person, subject, confirmation: command.confirmation });
  if (agreed.kind === "refused") return agreed;
  if (agreed.kind === "asks") return ask(subject, command.reason, context);
  return erase(slice, { subject, wish: wish ?? { by: person.id, atMs: context.nowMs, reason: command.reason.trim() }, ...agreed }, context);
}

function ask(subject: Person, reason: string, context: DecideContext): Decided {
  const draft = beginTransition();
  draft.change(personKind, subject, { erasure: { by: context.actor.id, atMs: context.nowMs, reason: reason.trim() } });
  draft.record(personKind, subject, "person.erasure-asked", { reason: reason.trim() });
  return draft.accept({ id: subject.id, state: "asked" });
}

interface Erasing {
  readonly subject: Person;
  readonly wish: Wish;
  readonly approvedBy: readonly string[];
  readonly soloWaiver: boolean;
}

function erase({ channels }: ErasureSlice, erasing: Erasing, context: DecideContext): Decided {
  const { subject, wish, approvedBy, soloWaiver } = erasing;
  const draft = beginTransition();
  for (const channel of channels) {
    draft.change(channelKind, channel, { state: "removed" });
    draft.record(channelKind, channel, "channel.removed", { personId: channel.personId });
  }
  draft.change(personKind, subject, { erasedAtMs: context.nowMs, erasure: wish });
  draft.record(personKind, subject, "person.erased", { reason: wish.reason, approvedBy: [...approvedBy], soloWaiver });
  return draft.accept({ id: subject.id, state: "erased", soloWaiver });
}

/** Leaves a person as they are; the wish is gone. Whoever wished it may do so as well. */
export function decideKeeping(slice: ErasureSlice, command: KeepPerson, _context: DecideContext): Decided {
  const about = aboutSubject(slice);
  if ("failure" in about) return about;
  const { subject } = about;
  if (subject.erasure === undefined || subject.erasure === null)
    return refuse("conflict", "erasure.not-asked", "Nobody asked for the erasure of this person.");
  const unsaid = reasonProblem(command.reason, subject);
  if (unsaid !== null) return unsaid;
  const draft = beginTransition();
  draft.change(personKind, subject, { erasure: null });
  draft.record(personKind, subject, "person.kept", { reason: command.reason.trim() });
  return draft.accept({ id: subject.id, state: subject.state });
}

/** Sets a legal hold at once; lifts it when a second person agrees. */
export function decideHold(slice: ErasureSlice, command: HoldPerson, context: DecideContext): Decided {
  const about = aboutSubject(slice);
  if ("failure" in about) return about;
  const { person, subject } = about;
  const unsaid = reasonProblem(command.reason, subject);
  if (unsaid !== null) return unsaid;
  const wish = { by: person.id, atMs: context.nowMs, reason: command.reason.trim() };
  const hold = subject.legalHold ?? null;
  if (command.kind === "hold-person") return setHold(subject, wish);
  if (hold === null) return refuse("conflict", "erasure.not-held", "There is no legal hold on this person.");
  const agreed = agreement(slice, { wish: hold.release, person, subject, confirmation: command.confirmation });
  if (agreed.kind === "refused") return agreed;
  const draft = beginTransition();
  if (agreed.kind === "asks") {
    draft.change(personKind, subject, { legalHold: { ...hold, release: wish } });
    draft.record(personKind, subject, "person.release-asked", { reason: wish.reason });
    return draft.accept({ id: subject.id, state: "asked" });
  }
  const { approvedBy, soloWaiver } = agreed;
  draft.change(personKind, subject, { legalHold: null });
  draft.record(personKind, subject, "person.released", { reason: wish.reason, approvedBy: [...approvedBy], soloWaiver });
  return draft.accept({ id: subject.id, state: "released", soloWaiver });
}

function setHold(subject: Person, wish: Wish): Decided {
  const hold = subject.legalHold ?? null;
  if (hold !== null) return refuse("conflict", "erasure.held-before", `There is a legal hold already: ${hold.reason.slice(0, 300)}`);
  const draft = beginTransition();
  draft.change(personKind, subject, { legalHold: { ...wish, release: null } });
  draft.record(personKind, subject, "person.held", { reason: wish.reason });
  return draft.accept({ id: subject.id, state: "held" });
}

interface Question {
  /** What was asked for before; null: nobody asked. */
  readonly wish: Wish | null;
  readonly person: Person;
  readonly subject: Person;
  readonly confirmation: string | null;
}

type Agreement =
  | { readonly kind: "asks" }
  | { readonly kind: "agreed"; readonly approvedBy: readonly string[]; readonly soloWaiver: boolean }
  | Refusal;

/** Whether two people are for it; or one, who is alone in being able to agree and says so. */
function agreement({ members }: ErasureSlice, { wish, person, subject, confirmation }: Question): Agreement {
  if (wish !== null && wish.by !== person.id) return { kind: "agreed", approvedBy: [wish.by, person.id], soloWaiver: false };
  const others = members.some((member) => member.id !== person.id && isErasureSteward(member));
  if (wish === null && others) return { kind: "asks" };
  if (others) return refuse("forbidden", "erasure.second-person", "You asked for this; another administrator or director has to agree.");
  if (confirmation === shortPersonId(subject)) return { kind: "agreed", approvedBy: [person.id], soloWaiver: true };
  return refuse(
    "forbidden",
    "erasure.solo-confirmation-missing",
    `Nobody else here can agree. To decide alone, confirm by typing ${shortPersonId(subject)}; the waiver is recorded.`,
  );
}

function aboutSubject({ person, subject }: ErasureSlice): { readonly person: Person; readonly subject: Person } | Refusal {
  if (!isErasureSteward(person))
    return refuse("forbidden", "erasure.wrong-role", "Only administrators and directors decide what becomes of somebody's data.");
  if (subject === undefined) return refuse("not-found", "person.not-found", "There is no such member. xvc people list shows them.");
  if (subject.erasedAtMs !== undefined)
    return refuse("conflict", "erasure.erased-before", "This person was erased before; there is nothing left of their own.");
  return { person, subject };
}

function readinessProblem(subject: Person): Refusal | null {
  const hold = subject.legalHold ?? null;
  if (hold !== null)
    return refuse(
      "conflict",
      "erasure.legal-hold",
      `A legal hold keeps this person's data: ${hold.reason.slice(0, 300)} Two people lift it (xvc people release).`,
    );
  if (subject.state !== "removed")
    return refuse("conflict", "erasure.not-removed", "Only somebody who was removed is erased; remove them first (xvc people remove).");
  if (subject.workReturned !== true)
    return refuse("conflict", "erasure.work-held", "What this person held is still being given back; try again in a few seconds.");
  return null;
}

function wishProblem(person: Person, subject: Person, reason: string): Refusal | null {
  if (!person.roles.includes("administrator"))
    return refuse("forbidden", "erasure.administrator-asks", "An administrator asks for an erasure; a director may agree to it.");
  return reasonProblem(reason, subject);
}

/** The reason stays when the person is gone, so it must not name them. */
function reasonProblem(reason: string, { name, email }: Person): Refusal | null {
  const said = reason.trim().toLowerCase();
  if (said === "" || said.length > maxReasonLength)
    return refuse("invalid", "erasure.reason-missing", `Say why in at most ${maxReasonLength} characters; it is recorded for good.`);
  const named = [name, ...(email === null ? [] : [email])].some((text) => text.trim() !== "" && said.includes(text.trim().toLowerCase()));
  return named
    ? refuse(
        "invalid",
        "erasure.reason-names",
        "The reason is kept for good and must not name the person; say it without name and address.",
      )
    : null;
}
