import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { ProviderDocument, ProvidersDocument } from "../../../../contract/provider-contract.ts";
import { call } from "../../api.ts";

export const providersQuery = queryOptions({ queryKey: ["providers"], queryFn: () => call<ProvidersDocument>("GET", "/api/providers") });

export const vendorWords: { readonly [vendor in ProviderDocument["vendor"]]: string } = {
  anthropic: "Anthropic",
  openai: "OpenAI",
  google: "Google",
  "openai-compatible": "OpenAI-compatible (Ollama, vLLM, LM Studio, a gateway)",
};

/** Sends one change about providers and reads them again. */
export function useProviderAct(onDone: () => void = () => {}) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path, body }: { readonly path: string; readonly body: object }) => call<object>("POST", `/api/providers${path}`, body),
    onSettled: () => client.invalidateQueries({ queryKey: providersQuery.queryKey }),
    onSuccess: onDone,
  });
}

const tokens = (count: number | null): string => (count === null ? "unknown" : String(count));

/** What the last test showed, in one sentence. */
export function testText({ lastTest, models }: ProviderDocument): string {
  if (lastTest === null) return "Not tried yet.";
  if (!lastTest.ok) return lastTest.detail;
  return `${lastTest.answeredBy ?? models[0] ?? ""} answered in ${lastTest.latencyMs ?? 0} ms; tokens in ${tokens(lastTest.inputTokens)}, out ${tokens(lastTest.outputTokens)}. ${lastTest.detail}`;
}

export const keyText: { readonly [key in ProviderDocument["key"]]: string } = {
  sealed: "Key sealed in the vault",
  environment: "Key from the server's environment",
  missing: "No key: enter one",
  none: "Needs no key",
};
