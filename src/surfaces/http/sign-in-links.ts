import type { Holder, OneTimeLink } from "../../engine/ports/session-store.ts";
import { isSecure } from "./guard.ts";
import type { HttpDependencies } from "./http-dependencies.ts";

/** A sign-in link is used within minutes; an invitation lies in a mailbox for some days. */
const livesMs: { readonly [purpose in OneTimeLink["purpose"]]: number } = { "sign-in": 30 * 60_000, invitation: 7 * 86_400_000 };

/** Makes a one-time secret that signs a person in. It is returned here and kept nowhere. */
export async function makeLink(
  use: Pick<HttpDependencies, "ids" | "clock" | "engine" | "sessions">,
  about: Holder & Pick<OneTimeLink, "purpose">,
): Promise<{ readonly secret: string; readonly expiresAtMs: number }> {
  const { organizationId, personId, purpose } = about;
  const secret = use.ids.secret();
  const createdAtMs = use.clock.nowMs();
  const expiresAtMs = createdAtMs + livesMs[purpose];
  await use.sessions.createLink({ organizationId, personId, purpose, secretSha256: use.engine.digest(secret), createdAtMs, expiresAtMs });
  return { secret, expiresAtMs };
}

/** The address of this server as the caller reached it, or as others reach it where that was declared. */
export const addressOf = (use: Pick<HttpDependencies, "signIn">, host: string): string =>
  use.signIn?.publicUrl?.replace(/\/+$/u, "") ?? `${isSecure(use, host) ? "https" : "http"}://${host}`;
