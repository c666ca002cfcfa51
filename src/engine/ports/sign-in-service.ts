/** Secrets of one sign-in, known to the browser that began it alone. */
export interface SignInSecrets {
  readonly state: string;
  readonly nonce: string;
  /** PKCE: proves that whoever brings the code began the sign-in. */
  readonly verifier: string;
  /** Where the service sends the browser back to. */
  readonly returnUrl: string;
}

/** Somebody the service vouches for. */
export interface VouchedIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** Null unless the service says that it verified the address. */
  readonly verifiedEmail: string | null;
}

/** An outside service that says who somebody is (OpenID Connect). It never says what they may do here. */
export interface SignInService {
  /** As shown on the button. */
  readonly name: string;
  /** Where the browser has to go. @throws {Failure} `oidc.unreachable` */
  begin(secrets: SignInSecrets): Promise<string>;
  /** Checks what the browser came back with. @throws {Failure} `oidc.refused`, `oidc.unreachable` */
  finish(secrets: SignInSecrets, returnedTo: string): Promise<VouchedIdentity>;
}
