import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import type { QualifyBody, TrustDocument } from "../../../../contract/trust-contract.ts";
import { call } from "../../api.ts";
import { toast } from "../../shell/toast.ts";

/** A run goes on trial by trial; it is looked at again while it does. */
const runningMs = 3_000;

export const trustQuery = (key: string) =>
  queryOptions({
    queryKey: ["persona-trust", key],
    queryFn: () => call<TrustDocument>("GET", `/api/personas/${encodeURIComponent(key)}/trust`),
    refetchInterval: ({ state }) => (state.data?.qualifications.some((run) => run.state === "running") === true ? runningMs : false),
  });

export type TrustAct =
  | { readonly act: "qualify"; readonly key: string; readonly body: Partial<QualifyBody> }
  | { readonly act: "stop"; readonly id: string; readonly body: { readonly reason: string } }
  | {
      readonly act: "lower";
      readonly key: string;
      readonly body: { readonly taskType: string; readonly to: string; readonly reason: string };
    }
  | { readonly act: "share"; readonly id: string; readonly body: { readonly share: number } }
  | { readonly act: "promote" | "withdraw"; readonly id: string; readonly body: { readonly reason: string } };

const pathOf = (act: TrustAct): string => {
  if (act.act === "qualify" || act.act === "lower") return `/api/personas/${encodeURIComponent(act.key)}/${act.act}`;
  return act.act === "stop" ? `/api/qualifications/${act.id}/stop` : `/api/candidacies/${act.id}/${act.act}`;
};

/** Sends what a person decides about trust and looks at everything again. */
export function useTrustAct(onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (act: TrustAct) => call<CommandAnswer>("POST", pathOf(act), act.body),
    onSuccess: async (answer) => {
      toast({ message: answer.message ?? "Done." });
      await client.invalidateQueries();
      onDone();
    },
  });
}
