import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { LanguageModel } from "ai";
import type { ModelVendor } from "../../core/gate/provider.ts";

/** A model behind the library's own interface. */
export type VendorModel = Extract<LanguageModel, { readonly specificationVersion: "v4" }>;

export type CallOptions = Parameters<VendorModel["doStream"]>[0];

export interface VendorSettings {
  readonly baseUrl: string;
  readonly model: string;
  /** Empty: none is sent, for what works without. */
  readonly key: string;
  readonly fetch: typeof globalThis.fetch;
}

/**
 * Always a provider instance with address, key and fetch given: what is left out, the libraries would read from the environment, and a
 * bare model name would go to a hosted gateway.
 */
export const vendorModels: { readonly [vendor in ModelVendor]: (settings: VendorSettings) => VendorModel } = {
  anthropic: ({ baseUrl, model, key, fetch }) => createAnthropic({ baseURL: baseUrl, apiKey: key, fetch })(model),
  openai: ({ baseUrl, model, key, fetch }) => createOpenAI({ baseURL: baseUrl, apiKey: key, fetch }).responses(model),
  google: ({ baseUrl, model, key, fetch }) => createGoogle({ baseURL: baseUrl, apiKey: key, fetch })(model),
  "openai-compatible": ({ baseUrl, model, key, fetch }) =>
    createOpenAICompatible({
      name: "compatible",
      baseURL: baseUrl,
      fetch,
      includeUsage: true,
      // Without it the schema of the answer is never sent.
      supportsStructuredOutputs: true,
      ...(key === "" ? {} : { apiKey: key }),
    }).chatModel(model),
};

/** What a vendor is told beside the turn: nothing of it is kept there, as far as its interface offers that. */
export const vendorOptions: { readonly [vendor in ModelVendor]: NonNullable<CallOptions["providerOptions"]> } = {
  anthropic: {},
  openai: { openai: { store: false } },
  google: {},
  "openai-compatible": {},
};
