import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { InboxItemSummary, ItemAnswersDocument } from "../../../../contract/inbox-contract.ts";
import { api } from "../../api.ts";
import { Button, TextField } from "../../shell/controls.tsx";
import { ActError } from "../../shell/states.tsx";
import { toast } from "../../shell/toast.ts";
import { countText } from "../../shell/words.ts";
import { type Choice, fitsBatch, isRefusing } from "./item-choices.ts";

interface BatchProps {
  readonly items: readonly InboxItemSummary[];
  readonly onClear: () => void;
}

type Result = ItemAnswersDocument["results"][number];

/** One answer for several items of low risk that ask by the same rule. */
export function InboxBatch({ items, onClear }: BatchProps) {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [refused, setRefused] = useState<readonly Result[]>([]);
  const answer = useMutation({
    mutationFn: (choice: Choice) =>
      api.answerItems({
        itemIds: items.map((item) => item.id),
        choice: choice.id,
        ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
      }),
    onSuccess: async ({ results }) => {
      const failed = results.filter((result) => !result.done);
      setRefused(failed);
      toast({ message: `${countText(results.length - failed.length, "item")} answered.` });
      if (failed.length === 0) onClear();
      await client.invalidateQueries();
    },
  });
  const [first] = items;
  if (first === undefined) return null;
  const choices = first.choices.filter(fitsBatch);
  return (
    <section aria-label="Answer together" className="flex flex-col gap-2 border-b border-accent bg-accent-wash p-3">
      <p className="flex flex-wrap items-center justify-between gap-2 text-sm">
        <span>
          <strong>{countText(items.length, "item")} selected</strong> under <code className="id">{first.ruleId}</code>
        </span>
        <Button tone="quiet" onClick={onClear}>
          Clear
        </Button>
      </p>
      <TextField label="Reason for all of them" value={reason} maxLength={4_000} onChange={(event) => setReason(event.target.value)} />
      <div className="flex flex-wrap gap-2">
        {choices.map((choice) => (
          <Button
            key={choice.id}
            tone={isRefusing(choice) ? "danger" : "accent"}
            disabled={answer.isPending || (choice.needs === "reason" && reason.trim() === "")}
            onClick={() => answer.mutate(choice)}
          >
            {choice.label} ({items.length})
          </Button>
        ))}
      </div>
      {refused.length > 0 && (
        <ul role="alert" className="list-disc pl-5 text-sm text-bad">
          {refused.map((result) => (
            <li key={result.itemId}>
              {items.find((item) => item.id === result.itemId)?.requestLabel ?? result.itemId}: {result.message}
            </li>
          ))}
        </ul>
      )}
      <ActError error={answer.error} />
    </section>
  );
}
