import * as oidc from "openid-client";
import { Failure } from "../../core/shared/failure.ts";
import type { SignInService } from "../../engine/ports/sign-in-service.ts";

/** How this server is known to the sign-in service. */
export interface OidcSettings {
  /** Https, or http on this machine alone. */
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client, protected by PKCE alone. */
  readonly clientSecret: string | null;
  readonly name: string;
}

/** Seconds until an answer of the service is given up. */
const patienceSeconds = 10;

/**
 * Sign-in by OpenID Connect: authorization code with PKCE, state and nonce. The service's own description is read at
 * the first sign-in and again after a failure, so this server starts while the service is away.
 *
 * @throws {Failure} `oidc.bad-settings` for an address that would carry the code unencrypted
 */
export function oidcService(settings: OidcSettings): SignInService {
  const issuer = addressOf(settings.issuer);
  let known: Promise<oidc.Configuration> | undefined;
  const configuration = (): Promise<oidc.Configuration> => {
    known ??= discover(issuer, settings).catch((error: unknown) => {
      known = undefined;
      throw unreachable(error);
    });
    return known;
  };
  return {
    name: settings.name,
    async begin({ state, nonce, verifier, returnUrl }) {
      const url = oidc.buildAuthorizationUrl(await configuration(), {
        redirect_uri: returnUrl,
        scope: "openid email",
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        state,
        nonce,
      });
      return url.href;
    },
    async finish({ state, nonce, verifier }, returnedTo) {
      const tokens = await oidc
        .authorizationCodeGrant(await configuration(), new URL(returnedTo), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        })
        .catch((error: unknown) => {
          throw refused(error);
        });
      const claims = tokens.claims();
      if (claims === undefined) throw refused(undefined);
      // Some services leave the address out of the token and give it where the token is shown.
      const email =
        claims["email"] === undefined
          ? await askAbout(await configuration(), tokens.access_token, claims.sub)
          : { email: claims["email"], email_verified: claims["email_verified"] };
      return { issuer: claims.iss, subject: claims.sub, verifiedEmail: verifiedEmail(email) };
    },
  };
}

interface Addressed {
  readonly email?: unknown;
  readonly email_verified?: unknown;
}

/** An address counts only when the service says in so many words that it checked it. */
const verifiedEmail = ({ email, email_verified: isVerified }: Addressed): string | null =>
  typeof email === "string" && isVerified === true && email.length <= 320 ? email : null;

async function askAbout(configuration: oidc.Configuration, accessToken: string, subject: string): Promise<Addressed> {
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return {};
  try {
    return await oidc.fetchUserInfo(configuration, accessToken, subject);
  } catch (error) {
    throw refused(error);
  }
}

function addressOf(issuer: string): URL {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url !== undefined && (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)))) return url;
  throw new Failure("invalid", "oidc.bad-settings", {
    message: "XVC_OIDC_ISSUER must be the https address of the sign-in service, or http on this machine.",
  });
}

const isLoopback = (host: string): boolean => host === "localhost" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/u.test(host);

const discover = (issuer: URL, { clientId, clientSecret }: OidcSettings): Promise<oidc.Configuration> =>
  oidc.discovery(issuer, clientId, undefined, clientSecret === null ? oidc.None() : oidc.ClientSecretPost(clientSecret), {
    timeout: patienceSeconds,
    execute: issuer.protocol === "http:" ? [oidc.allowInsecureRequests] : [],
  });

const unreachable = (cause: unknown): Failure =>
  new Failure(
    "unavailable",
    "oidc.unreachable",
    { message: "The sign-in service does not answer as it should. Sign in with a link, or try again later." },
    { cause },
  );

/** The reason is for the log: what the browser brought is not repeated to whoever brought it. */
const refused = (cause: unknown): Failure =>
  new Failure(
    "forbidden",
    "oidc.refused",
    { message: "The sign-in service did not confirm who you are, or this sign-in was begun elsewhere. Begin again." },
    { cause },
  );
