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

/** One request whose answer is read while it arrives. Redirects are not followed: a key would go along. */
export interface StreamRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | null;
  /** `house`: declared local by a person, hence also on this machine; `outside`: the public internet and what an administrator named. */
  readonly reach: "outside" | "house";
}

export interface StreamAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  /** Ends early, with an error, when the connection breaks or the request's signal aborts. */
  readonly body: ReadableStream<Uint8Array>;
}

/** The same door for answers that arrive piece by piece, under the same rules of addresses. It sets no time limit of its own. */
export interface StreamingEgress {
  /** @throws {Failure} `egress.address-refused` (invalid), `egress.unreachable` (unavailable) */
  open(request: StreamRequest, signal: AbortSignal): Promise<StreamAnswer>;
  /** Looks at the spelling alone. @throws {Failure} `egress.address-refused` */
  check(url: string, reach: StreamRequest["reach"]): void;
}
