import { oidcService } from "../adapters/oidc/oidc-service.ts";
import { Failure } from "../core/shared/failure.ts";
import type { SignInWaysHere } from "../surfaces/http/http-dependencies.ts";
import type { Home } from "./first-run.ts";
import { secretSetting } from "./mail-settings.ts";
import type { OpenedReach } from "./reach.ts";

/**
 * How people sign in who are not at this machine: by mail where a mail server is set up, by the sign-in service where
 * one is, at the address that an administrator declared.
 *
 * @throws {Failure} `oidc.bad-settings`, `settings.secret-unreadable`, `settings.public-url-invalid`
 */
export function readSignIn(environment: NodeJS.ProcessEnv, home: Home, reach: Pick<OpenedReach, "mailSignInLink">): SignInWaysHere {
  return {
    organizationId: home.organizationId,
    mail: reach.mailSignInLink,
    oidc: readOidc(environment),
    publicUrl: readPublicUrl(environment["XVC_PUBLIC_URL"] ?? ""),
  };
}

function readOidc(environment: NodeJS.ProcessEnv): SignInWaysHere["oidc"] {
  const [issuer, clientId] = [environment["XVC_OIDC_ISSUER"] ?? "", environment["XVC_OIDC_CLIENT_ID"] ?? ""];
  if (issuer === "" && clientId === "") return null;
  if (issuer === "" || clientId === "")
    throw new Failure("invalid", "oidc.bad-settings", {
      message: "Signing in by OIDC needs both XVC_OIDC_ISSUER and XVC_OIDC_CLIENT_ID, and mostly XVC_OIDC_CLIENT_SECRET.",
    });
  const clientSecret = secretSetting(environment, "XVC_OIDC_CLIENT_SECRET") ?? null;
  return oidcService({ issuer, clientId, clientSecret, name: environment["XVC_OIDC_NAME"] ?? hostOf(issuer) });
}

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : address);

/** The host that a declared address adds to those that are answered. */
export const publicHosts = ({ publicUrl }: SignInWaysHere): readonly string[] => (publicUrl === null ? [] : [hostOf(publicUrl)]);

function readPublicUrl(given: string): string | null {
  if (given === "") return null;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url !== undefined && (url.protocol === "https:" || url.protocol === "http:") && url.pathname === "/" && url.search === "")
    return url.origin;
  throw new Failure("invalid", "settings.public-url-invalid", {
    message: "XVC_PUBLIC_URL is the address at which people reach this server through your proxy, such as https://xvc.example.org.",
  });
}
