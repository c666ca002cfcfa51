/** One request to the outside. */
export interface OutgoingRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | null;
}

export interface OutgoingAnswer {
  readonly status: number;
  /** The start of the answer as text, at most `maxAnswerBytes` of it. */
  readonly text: string;
}

/**
 * The one way to send HTTP to addresses that people name. An address inside this network is refused before anything is
 * sent, also behind a name, a redirect or an odd spelling, unless an administrator has named it.
 */
export interface Egress {
  /**
   * @throws {Failure} `egress.address-refused` (invalid) for what may not be reached, `egress.unreachable` (unavailable) for what did
   *   not answer, `egress.too-many-redirects` (invalid)
   */
  send(request: OutgoingRequest, signal: AbortSignal): Promise<OutgoingAnswer>;
  /** Looks at the spelling alone, without asking anybody. @throws {Failure} `egress.address-refused` */
  check(url: string): void;
}
