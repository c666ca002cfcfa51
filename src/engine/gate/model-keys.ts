import { vendorKeys } from "../../core/gate/provider.ts";
import { type OrganizationId, asId } from "../../core/shared/ids.ts";
import type { FindModelKey } from "../ports/model.ts";
import type { ReachStore, Vault } from "../ports/vault.ts";

/** For what a provider's key is sealed: it opens nothing else. */
export const keyPurpose = (providerId: string): string => `model-key:${providerId}`;

export interface KeyParts {
  readonly vault: Vault;
  readonly reachStore: ReachStore;
  /** A variable of the environment, or the content of the file that `<name>_FILE` names; null: neither is there. */
  readonly environment: (name: string) => string | null;
}

/** Keys of providers: sealed under the provider's id beside the secrets of channels, else in the vendor's own variable. */
export const modelKeys =
  ({ vault, reachStore, environment }: KeyParts): FindModelKey =>
  async ({ organizationId, providerId, vendor }) => {
    const sealed = await reachStore.readSecret(organizationId, providerId);
    if (sealed !== undefined) return vault.open(keyPurpose(providerId), sealed);
    const variable = vendorKeys[vendor];
    return variable === null ? null : environment(variable);
  };

/** Keeps a key, in place of one that was there. */
export async function keepModelKey(
  { vault, reachStore }: Pick<KeyParts, "vault" | "reachStore">,
  of: { readonly organizationId: string; readonly providerId: string; readonly key: string },
): Promise<void> {
  const organizationId: OrganizationId = asId(of.organizationId);
  await reachStore.forgetSecret(organizationId, of.providerId);
  await reachStore.keepSecret(organizationId, of.providerId, vault.seal(keyPurpose(of.providerId), of.key));
}
