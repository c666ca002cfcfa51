import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { InboxItemDetail, ItemAnswerBody } from "../../../../contract/inbox-contract.ts";
import { api } from "../../api.ts";
import { announce } from "../../shell/announce.tsx";
import { Button } from "../../shell/controls.tsx";
import { isTextRecord, useDraft } from "../../shell/draft.ts";
import { type KeyMap, useKeys } from "../../shell/keys.ts";
import { ActError } from "../../shell/states.tsx";
import { type Choice, isRefusing, keyedChoices } from "./item-choices.ts";
import { AnswerForm } from "./item-form.tsx";
import { type Step, StepButtons, StepForm, stepKeys } from "./item-steps.tsx";

const nothing: Record<string, string> = {};

/** Where what is typed about an item waits for its sending. */
export const draftKeyOf = (itemId: string): string => `item.${itemId}`;

/** What is open below the buttons. */
type Open = { readonly kind: "choice"; readonly choice: Choice; readonly asked: boolean } | { readonly kind: "step"; readonly step: Step };

/** A form whose text waits from before a reload is open again. */
function draftedChoice(item: InboxItemDetail, draft: Readonly<Record<string, string>>): Open | null {
  const choice = item.choices.find((one) => one.id === draft["choice"]);
  const isTyped = [draft["reason"], draft["text"]].some((text) => text !== undefined && text !== "");
  return choice !== undefined && isTyped ? { kind: "choice", choice, asked: false } : null;
}

/** Sends the answer. A race that was lost is read again, so that both sides are shown. */
function useAnswering(item: InboxItemDetail, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ItemAnswerBody) => api.answerItem(item.id, body),
    onSuccess: async () => {
      announce("Your answer is recorded.");
      onDone();
      await client.invalidateQueries();
    },
    onError: () => client.invalidateQueries({ queryKey: ["item", item.id] }),
  });
}

interface AnswerProps {
  readonly item: InboxItemDetail;
  readonly withKeys?: boolean;
}

/** The ways to answer. A choice that needs more opens its form; one that needs nothing acts at once. */
export function ItemAnswer({ item, withKeys = true }: AnswerProps) {
  const draft = useDraft(draftKeyOf(item.id), nothing, isTextRecord);
  const [open, setOpen] = useState<Open | null>(() => draftedChoice(item, draft.value));
  const answer = useAnswering(item, draft.clear);
  const choose = (choice: Choice) => {
    answer.reset();
    if (isAtOnce(item, choice)) answer.mutate({ choice: choice.id });
    else setOpen({ kind: "choice", choice, asked: true });
  };
  const openStep = (step: Step) => setOpen({ kind: "step", step });
  const keys = answer.isPending ? {} : { ...choiceKeys(item, choose), ...stepKeys(item, openStep) };
  useKeys(withKeys ? keys : {});
  return (
    <div className="no-print flex flex-col gap-3">
      <WhyNot item={item} />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <Choices item={item} busy={answer.isPending} withKeys={withKeys} open={open} onChoose={choose} />
        <StepButtons item={item} withKeys={withKeys} onOpen={openStep} />
      </div>
      {open?.kind === "choice" && (
        <AnswerForm
          key={open.choice.id}
          item={item}
          choice={open.choice}
          busy={answer.isPending}
          draft={draft}
          takesFocus={open.asked}
          onSend={(body) => answer.mutate(body)}
          onClose={() => setOpen(null)}
        />
      )}
      {open?.kind === "step" && <StepForm key={open.step} item={item} step={open.step} onClose={() => setOpen(null)} />}
      <ActError error={answer.error} />
    </div>
  );
}

/** The press alone is the answer. */
const isAtOnce = (item: InboxItemDetail, choice: Choice): boolean => choice.needs === "nothing" && item.confirm === null;

function WhyNot({ item }: { readonly item: InboxItemDetail }) {
  if (item.mayAnswer) return null;
  return <p className="rounded border border-line px-3 py-2 text-sm text-ink-2">{item.whyNot ?? "Somebody else has to answer this."}</p>;
}

function choiceKeys(item: InboxItemDetail, choose: (choice: Choice) => void): KeyMap {
  if (!item.mayAnswer) return {};
  const { act, deny } = keyedChoices(item.choices);
  const wanted = [
    ["a", act],
    ["d", deny],
  ] as const;
  return Object.fromEntries(
    wanted.flatMap(([key, choice]) =>
      choice === undefined ? [] : [[key, { label: choice.label, run: () => choose(choice), decides: isAtOnce(item, choice) }] as const],
    ),
  );
}

interface ChoicesProps {
  readonly item: InboxItemDetail;
  readonly busy: boolean;
  readonly withKeys: boolean;
  readonly open: Open | null;
  readonly onChoose: (choice: Choice) => void;
}

function Choices({ item, busy, withKeys, open, onChoose }: ChoicesProps) {
  if (!item.mayAnswer) return null;
  const { act, deny } = keyedChoices(item.choices);
  const isOpen = (choice: Choice): boolean => open?.kind === "choice" && open.choice === choice;
  const shortcutOf = (choice: Choice): { readonly shortcut?: string } => {
    if (!withKeys || (choice !== act && choice !== deny)) return {};
    return { shortcut: choice === act ? "A" : "D" };
  };
  return (
    <div role="group" aria-label="Answers" className="flex flex-wrap gap-2">
      {item.choices.map((choice, at) => (
        <Button
          key={choice.id}
          tone={isRefusing(choice) ? "danger" : at === 0 ? "accent" : "plain"}
          aria-expanded={isAtOnce(item, choice) ? undefined : isOpen(choice)}
          disabled={busy}
          onClick={() => onChoose(choice)}
          className="h-auto py-1 text-left whitespace-normal"
          {...shortcutOf(choice)}
        >
          {choice.label}
        </Button>
      ))}
    </div>
  );
}
