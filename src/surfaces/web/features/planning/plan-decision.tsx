import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { PlanView } from "../../../../contract/plan-contract.ts";
import { Failure } from "../../../../core/shared/failure.ts";
import { api } from "../../api.ts";
import { announce } from "../../shell/announce.tsx";
import { Button, TextArea, TextField } from "../../shell/controls.tsx";
import { ActError } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";

/** Approves or rejects a proposed plan. The server decides whether the reader may; this shows its reason when not. */
export function PlanDecision({ view }: { readonly view: PlanView }) {
  const [reason, setReason] = useState("");
  const [confirm, setConfirm] = useState("");
  const [problem, setProblem] = useState<string | undefined>();
  const client = useQueryClient();
  const decide = useMutation({
    mutationFn: (decision: "approve" | "reject") =>
      api.decidePlan(view.plan.id, decision, {
        documentSha256: view.plan.documentSha256,
        ...(reason === "" ? {} : { reason }),
        ...(confirm === "" ? {} : { confirm }),
      }),
    onSuccess: async (_, decision) => {
      announce(decision === "approve" ? "The plan is approved; its tasks start." : "The plan is rejected.");
      await client.invalidateQueries();
    },
  });
  useReadAgain(decide.error);
  if (view.plan.state !== "proposed") return null;
  const reject = () => {
    setProblem(reason.trim() === "" ? "Say what should change; it is shown beside the decision." : undefined);
    if (reason.trim() !== "") decide.mutate("reject");
  };
  const typed = view.confirm === null || confirm.trim() === view.confirm;
  return (
    <section
      aria-label="Decide the plan"
      className="no-print flex flex-col gap-3 rounded border border-l-4 border-line border-l-wait bg-sheet p-4"
    >
      <p className="font-medium">{`This plan of ${countText(view.plan.taskCount, "task")} waits for approval. Nothing runs before.`}</p>
      {!view.mayDecide && <p className="text-sm text-ink-2">{view.whyNot ?? "Somebody else has to decide it."}</p>}
      {view.mayDecide && (
        <>
          <div className="grid gap-3 sm:grid-cols-2">
            <TextArea
              label="Reason"
              hint="Needed to reject; kept with the decision."
              rows={2}
              className="min-h-14"
              value={reason}
              problem={problem}
              onChange={(event) => setReason(event.target.value)}
            />
            {view.confirm !== null && <SoloConfirmation asked={view.confirm} value={confirm} onChange={setConfirm} />}
          </div>
          <ActError error={decide.error} />
          <div className="flex flex-wrap gap-2">
            <Button tone="accent" disabled={decide.isPending || !typed} onClick={() => decide.mutate("approve")}>
              Approve the plan
            </Button>
            <Button tone="danger" disabled={decide.isPending} onClick={reject}>
              Reject
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

export function SoloConfirmation({
  asked,
  value,
  onChange,
}: {
  readonly asked: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <TextField
      label={`You are the only member. Type ${asked} to decide`}
      hint="Recorded as a solo waiver: one person stood in for two."
      className="font-mono"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

/** What was looked at is not what stands there now: nothing was decided, and the page shows the present plan. */
function useReadAgain(error: unknown): void {
  const client = useQueryClient();
  const isChanged = error instanceof Failure && error.code === "plan.changed";
  useEffect(() => {
    if (isChanged) void client.invalidateQueries({ queryKey: ["request"] });
  }, [isChanged, client]);
}
