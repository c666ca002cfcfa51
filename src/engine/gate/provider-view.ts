import { type ModelVendor, type Provider, modelVendors, vendorAddresses, vendorKeys, whatLeaves } from "../../core/gate/provider.ts";
import { type ProviderPace, paceKind } from "../../core/gate/provider-pace.ts";
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
  /** What its vendor told, who waits, and until when nothing is sent; null: nothing of it is known. */
  readonly pace: {
    readonly requestsPerMinute: number | null;
    readonly tokensPerMinute: number | null;
    readonly waiting: number;
    readonly restsUntilMs: number | null;
  } | null;
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
  const [providers, paces] = await Promise.all([readProviders(reader), reader.find(paceKind, { limit: maxPaces })]);
  return {
    items: providers.map((provider, at) =>
      providerView(provider, { place: at + 1, pace: paces.find((one) => one.providerId === provider.id) }, asked),
    ),
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

/** Rows of providers that were removed are among them. */
const maxPaces = 1_000;

const paceView = (pace: ProviderPace | undefined): ProviderView["pace"] =>
  pace === undefined
    ? null
    : { ...pace.told, waiting: pace.waiting.length, restsUntilMs: pace.blockedUntilMs === 0 ? null : pace.blockedUntilMs };

function providerView(
  provider: Provider,
  { place, pace }: { readonly place: number; readonly pace: ProviderPace | undefined },
  asked: ProvidersAsked,
): ProviderView {
  const { id, name, state, vendor, baseUrl, models, local, windows, projectIds, lastTest } = provider;
  const projects = asked.projects.filter((project) => projectIds.includes(project.id)).map(({ key }) => key);
  return {
    id,
    name,
    state,
    vendor,
    baseUrl,
    models,
    local,
    ...windows,
    place,
    key: keyOf(provider, asked),
    projects,
    lastTest,
    pace: paceView(pace),
  };
}
