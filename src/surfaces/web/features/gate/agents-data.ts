import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { AgentsDocument } from "../../../../contract/agent-contract.ts";
import { call } from "../../api.ts";

export const agentsQuery = queryOptions({ queryKey: ["agents"], queryFn: () => call<AgentsDocument>("GET", "/api/agents") });

/** Sends one change about agents and reads them again. */
export function useAgentAct(onDone: () => void = () => {}) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path, body }: { readonly path: string; readonly body: object }) => call<object>("POST", `/api/agents${path}`, body),
    onSettled: () => client.invalidateQueries({ queryKey: agentsQuery.queryKey }),
    onSuccess: onDone,
  });
}

export const formWords: { readonly [form in AgentsDocument["items"][number]["form"]]: string } = {
  "claude-code": "Claude Code",
  opencode: "OpenCode",
  gemini: "Gemini CLI",
  codex: "Codex",
  command: "A program by its command line",
};
