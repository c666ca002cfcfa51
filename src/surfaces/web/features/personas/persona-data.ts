import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import type { PersonaDiff, PersonaDocument, PersonaImported, PersonaProposalsDocument } from "../../../../contract/persona-contract.ts";
import { call } from "../../api.ts";
import { toast } from "../../shell/toast.ts";

export const proposalsQuery = queryOptions({
  queryKey: ["persona-proposals"],
  queryFn: () => call<PersonaProposalsDocument>("GET", "/api/persona-proposals"),
});

export const personaDiffQuery = (key: string, versions: { readonly from: number; readonly to: number }) =>
  queryOptions({
    queryKey: ["persona-diff", key, versions],
    queryFn: () => call<PersonaDiff>("GET", `/api/personas/${encodeURIComponent(key)}/diff?from=${versions.from}&to=${versions.to}`),
  });

/** A change of one persona. */
export type PersonaAct =
  | { readonly act: "revise"; readonly body: { readonly baseVersion: number; readonly persona: PersonaDocument; readonly reason: string } }
  | { readonly act: "roll-back"; readonly body: { readonly toVersion: number; readonly reason: string } }
  | { readonly act: "retire" | "restore"; readonly body: { readonly reason: string } };

/** Sends a change and looks at everything again. */
export function usePersonaAct(key: string, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ act, body }: PersonaAct) => call<CommandAnswer>("POST", `/api/personas/${encodeURIComponent(key)}/${act}`, body),
    onSuccess: async (answer) => {
      toast({ message: answer.message ?? "Done." });
      await client.invalidateQueries();
      onDone();
    },
  });
}

export type ProposalAct =
  | { readonly act: "accept"; readonly body: { readonly tools: readonly string[]; readonly reason: string } }
  | { readonly act: "reject"; readonly body: { readonly reason: string } };

export function useProposalAct(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ act, body }: ProposalAct) => call<CommandAnswer>("POST", `/api/persona-proposals/${id}/${act}`, body),
    onSuccess: async (answer) => {
      toast({ message: answer.message ?? "Done." });
      await client.invalidateQueries();
    },
  });
}

/** Proposes what is in the files; they are read by the server. */
export function useImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (files: readonly File[]) =>
      call<PersonaImported>("POST", "/api/persona-imports", {
        files: await Promise.all(files.map(async (file) => ({ path: file.webkitRelativePath || file.name, text: await file.text() }))),
      }),
    onSuccess: () => client.invalidateQueries(),
  });
}
