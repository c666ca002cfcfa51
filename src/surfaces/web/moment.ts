/**
 * The recorded instant that a page is read at. A client of such a page asks everything inside `atMoment`; the address of the call then
 * carries the instant, and nothing is sent.
 */
let momentMs: number | null = null;

/** Runs the beginning of a call, up to where it first waits, as of the instant. */
export function atMoment<Result>(atMs: number, begin: () => Result): Result {
  const before = momentMs;
  momentMs = atMs;
  try {
    return begin();
  } finally {
    momentMs = before;
  }
}

/** Addresses that answer as of an instant; a test compares them with the server's. Others answer about now. */
const rooms = [
  String.raw`requests(?:/[^/]+(?:/(?:events|deliverable|plan|plans|serves|comments))?)?`,
  String.raw`tasks(?:/[^/]+(?:/events)?)?`,
  String.raw`(?:personas|playbooks|policies|decisions|facts|objectives|inbox)(?:/[^/]+)?`,
  String.raw`board|staff|divisions|portfolio|principles|halts|people|teams`,
  String.raw`(?:entities|entity-types|epics|sprints)(?:/[^/]+)?`,
  String.raw`marks|tags|tagged`,
  String.raw`memory(?:/(?:as-of|history|changes))?`,
];
const takesInstant = new RegExp(String.raw`^/api/(?:${rooms.join("|")})$`, "u");

/** The address with the instant, where it takes one. */
export function inMoment(method: "GET" | "POST", address: string): string {
  const [path = "", search = ""] = address.split("?");
  if (method === "POST" || momentMs === null || !takesInstant.test(path)) return address;
  const asked = new URLSearchParams(search);
  asked.set("at", String(momentMs));
  return `${path}?${asked.toString()}`;
}
