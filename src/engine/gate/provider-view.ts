import { type ModelVendor, type Provider, modelVendors, vendorAddresses, vendorKeys, whatLeaves } from "../../core/gate/provider.ts";
import type { Person } from "../../core/oversight/person.ts";
import type { Reader } from "../ports/store.ts";
import { readProviders } from "./read-providers.ts";

/** A provider as people see it; of its key only where it is. */
export interface ProviderView extends Pick<Provider, "id" | "name" | "state" | "vendor" | "baseUrl" | "models" | "local" | "lastTest"> {
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  readonly place: number;
  readonly key: "sealed" | "environment" | "missing" | "none";
  readonly projects: readonly string[];
}

export interface ProvidersView {
  readonly items: readonly ProviderView[];
  readonly vendors: readonly {
    readonly vendor: ModelVendor;
    readonly baseUrl: string | null;
    readonly variable: string | null;
    readonly variableSet: boolean;
  }[];
  readonly leaves: readonly string[];
  readonly mayChange: boolean;
}

/** Who looks, at which projects, on a machine with which variables. */
export interface ProvidersAsked {
  readonly viewer: Person;
  readonly projects: readonly { readonly id: string; readonly key: string }[];
  readonly hasVariable: (name: string) => boolean;
}

/** Every provider in the order of asking. */
export async function providersView(reader: Reader, asked: ProvidersAsked): Promise<ProvidersView> {
  const providers = await readProviders(reader);
  return {
    items: providers.map((provider, at) => providerView(provider, at + 1, asked)),
    vendors: modelVendors.map((vendor) => ({
      vendor,
      baseUrl: vendorAddresses[vendor],
      variable: vendorKeys[vendor],
      variableSet: isSet(vendor, asked),
    })),
    leaves: whatLeaves,
    mayChange: asked.viewer.roles.some((role) => role === "administrator" || role === "director"),
  };
}

const isSet = (vendor: ModelVendor, { hasVariable }: ProvidersAsked): boolean => {
  const variable = vendorKeys[vendor];
  return variable !== null && hasVariable(variable);
};

function keyOf({ keyFrom, vendor, local }: Provider, asked: ProvidersAsked): ProviderView["key"] {
  if (keyFrom === "vault") return "sealed";
  if (isSet(vendor, asked)) return "environment";
  return local ? "none" : "missing";
}

function providerView(provider: Provider, place: number, asked: ProvidersAsked): ProviderView {
  const { id, name, state, vendor, baseUrl, models, local, windows, projectIds, lastTest } = provider;
  const projects = asked.projects.filter((project) => projectIds.includes(project.id)).map(({ key }) => key);
  return { id, name, state, vendor, baseUrl, models, local, ...windows, place, key: keyOf(provider, asked), projects, lastTest };
}
