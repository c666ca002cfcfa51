import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Failure } from "../../core/shared/failure.ts";
import { guardedClient, maxAnswerBytes } from "./guarded-client.ts";
import { isNameableAddress, isPublicAddress } from "./address-rules.ts";

/*
 * A trap listens on every local address. Whatever is tried here must not open a single connection to it, except where a
 * test names it as an administrator would, which also shows that the trap can be reached at all.
 */

const opened: Server[] = [];
let connections = 0;
let port = 0;
let seen: IncomingMessage[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => void response.end("reached");

const listen = (host: string, onConnect: () => void): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer((request, response) => {
      seen.push(request);
      request.resume();
      answer(request, response);
    });
    server.on("connection", onConnect);
    opened.push(server);
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port)); // a TCP server has a port
  });

beforeAll(async () => {
  port = await listen("::", () => void connections++);
});
afterAll(async () => {
  await Promise.all(opened.map((server) => new Promise((resolve) => server.close(resolve))));
});

const signal = new AbortController().signal;
const get = (client: ReturnType<typeof guardedClient>, url: string) => client.send({ method: "GET", url, headers: {}, body: null }, signal);
const codeOf = (sent: Promise<unknown>): Promise<string> =>
  sent.then(
    () => "answered",
    (error: unknown) => (error instanceof Failure ? error.code : String(error)),
  );

const octets = (address: string): readonly [number, number, number, number] => {
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
  return [a, b, c, d];
};

/** One IPv4 address in the ways that parsers are known to read it. */
function spellings(address: string): readonly string[] {
  const [a, b, c, d] = octets(address);
  const value = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = (part: number): string => part.toString(16);
  const octal = (part: number): string => `0${part.toString(8)}`;
  const pair = (high: number, low: number): string => hex(high * 256 + low);
  const wide = Array.from(address, (one) => (one === "." ? "\u3002" : String.fromCodePoint(0xff10 + Number(one)))).join("");
  return [
    address,
    `${address}.`,
    String(value),
    `0x${hex(value)}`,
    `0X${hex(value).toUpperCase()}`,
    `0${value.toString(8)}`,
    `0x${hex(a)}.0x${hex(b)}.0x${hex(c)}.0x${hex(d)}`,
    [a, b, c, d].map(octal).join("."),
    `${String(a)}.${String((b * 256 + c) * 256 + d)}`,
    `${String(a)}.${String(b)}.${String(c * 256 + d)}`,
    `0x${hex(a)}.${String((b * 256 + c) * 256 + d)}`,
    `000${octal(a)}.${String(b)}.0x${hex(c)}.${String(d)}`,
    wide,
    address.replaceAll(".", "%2e"),
    Array.from(address, (one) => `%${hex(one.codePointAt(0) ?? 0)}`).join(""),
    `[::ffff:${address}]`,
    `[::ffff:${pair(a, b)}:${pair(c, d)}]`,
    `[0:0:0:0:0:FFFF:${pair(a, b).toUpperCase()}:${pair(c, d)}]`,
    `[::${address}]`,
    `[64:ff9b::${address}]`,
    `[64:ff9b:1::${pair(a, b)}:${pair(c, d)}]`,
    `[2002:${pair(a, b)}:${pair(c, d)}::1]`,
    `[2001:0:${pair(a, b)}:${pair(c, d)}::1]`,
    `[::ffff:0:${address}]`,
  ];
}

const insideAddresses = [
  "127.0.0.1",
  "127.1.2.3",
  "0.0.0.0",
  "10.0.0.1",
  "172.16.0.1",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "100.100.100.200",
  "168.63.129.16",
];
const inside6 = [
  "::1",
  "::",
  "fe80::1",
  "fe80::1%25eth0",
  "fc00::1",
  "fd00:ec2::254",
  "fec0::1",
  "ff02::1",
  "2001:db8::1",
  "0:0:0:0:0:0:0:1",
  "3fff::1",
  "5f00::1",
];

const table = [
  ...insideAddresses.flatMap(spellings).map((host) => `http://${host}`),
  ...inside6.map((host) => `http://[${host}]`),
  ...["localhost", "LOCALHOST", "localhost.", "Localhost..", "ip6-localhost", "foo.localhost"].map((host) => `http://${host}`),
  "http:127.0.0.1",
  "http:/127.0.0.1",
  "http:\\\\127.0.0.1",
  "http:///127.0.0.1",
  "\thttp://127.0.0.1",
  "ht\ntp://127.0.0.1",
].map((start) => `${start}:PORT/`);

test("holds more than two hundred spellings of what lies inside", () => {
  expect(new Set(table).size).toBeGreaterThanOrEqual(200);
});

test("opens no connection for any spelling, whatever the name resolves to", async () => {
  connections = 0;
  const inside = guardedClient({ allowed: [], resolve: async () => ["127.0.0.1"] });
  const refusals = await Promise.all(
    table.map(async (url) => [url, await codeOf(get(inside, url.replace("PORT", String(port))))] as const),
  );
  expect(refusals.filter(([, code]) => code !== "egress.address-refused")).toEqual([]);
  expect(connections).toBe(0);
});

test.each([
  "ftp://example.org/",
  "file:///etc/passwd",
  "gopher://example.org/",
  "javascript:alert(1)",
  "https://user@example.org/",
  "https://user:password@example.org/",
  "https://example.org:0/",
  "http://",
  "not an address",
  `https://example.org/${"a".repeat(2_000)}`,
])("refuses %s by its spelling alone", (url) => {
  expect(() => guardedClient({ allowed: [] }).check(url)).toThrow(expect.objectContaining({ code: "egress.address-refused" }));
});

test("takes public addresses and nothing that carries a private one inside", () => {
  for (const address of [
    "8.8.8.8",
    "1.1.1.1",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "2606:4700::1111",
    "2a00::1",
  ])
    expect([address, isPublicAddress(address)]).toEqual([address, true]);
  for (const address of ["", "example.org", "::ffff:8.8.8.8", "2002:808:808::1", "255.255.255.255", "1.2.3"])
    expect([address, isPublicAddress(address)]).toEqual([address, false]);
});

test("lets an administrator name a target inside, but never the metadata of a cloud", () => {
  for (const address of ["127.0.0.1", "10.1.2.3", "192.168.0.9", "::1", "fd12::1", "2606:4700::1111"])
    expect([address, isNameableAddress(address)]).toEqual([address, true]);
  for (const address of [
    "169.254.169.254",
    "168.63.129.16",
    "100.100.100.200",
    "0.0.0.0",
    "fe80::1",
    "fd00:ec2::254",
    "::ffff:169.254.169.254",
    "224.0.0.1",
    "::",
    "nowhere",
  ])
    expect([address, isNameableAddress(address)]).toEqual([address, false]);
  expect(() => guardedClient({ allowed: ["chat.example"] })).toThrow(expect.objectContaining({ code: "egress.allow-invalid" }));
  expect(() => guardedClient({ allowed: ["user@chat.example:80"] })).toThrow(expect.objectContaining({ code: "egress.allow-invalid" }));
});

test("asks for a name once and connects to that answer: a name that changes its mind leads nowhere else", async () => {
  connections = 0;
  seen = [];
  let asked = 0;
  const elsewhere = await listen("127.0.0.2", () => void connections++);
  const client = guardedClient({
    allowed: [`chat.example:${String(port)}`],
    resolve: async () => (asked++ === 0 ? ["127.0.0.1"] : ["127.0.0.2"]),
  });
  expect(await get(client, `http://chat.example:${String(port)}/in?a=1`)).toEqual({ status: 200, text: "reached" });
  expect({ asked, connections, host: seen[0]?.headers.host, url: seen[0]?.url }).toEqual({
    asked: 1,
    connections: 1,
    host: `chat.example:${String(port)}`,
    url: "/in?a=1",
  });
  expect(await codeOf(get(client, `http://chat.example:${String(elsewhere)}/`))).toBe("egress.address-refused");
  expect(connections).toBe(1);
});

test("refuses a name of which one address is inside, in any order", async () => {
  connections = 0;
  for (const addresses of [
    ["8.8.8.8", "127.0.0.1"],
    ["127.0.0.1", "8.8.8.8"],
    ["2606:4700::1111", "::1"],
  ])
    expect(await codeOf(get(guardedClient({ allowed: [], resolve: async () => addresses }), `http://mixed.example:${String(port)}/`))).toBe(
      "egress.address-refused",
    );
  expect(await codeOf(get(guardedClient({ allowed: [], resolve: async () => [] }), "http://none.example/"))).toBe("egress.unreachable");
  expect(connections).toBe(0);
});

test.each([
  ["http://127.0.0.1:PORT/trap", "egress.address-refused"],
  ["//127.0.0.1:PORT/trap", "egress.address-refused"],
  ["http://2130706433:PORT/", "egress.address-refused"],
  ["http://[::ffff:127.0.0.1]:PORT/", "egress.address-refused"],
  ["http://trap.example:PORT/", "egress.address-refused"],
  ["file:///etc/passwd", "egress.address-refused"],
  ["http://user@named.example:PORT/", "egress.address-refused"],
  ["http://[", "egress.address-refused"],
  ["/again", "egress.too-many-redirects"],
])("checks where a redirect leads: %s", async (location, code) => {
  let trapped = 0;
  const trap = await listen("127.0.0.1", () => void trapped++);
  answer = (_request, response) => response.writeHead(307, { location: location.replace("PORT", String(trap)) }).end();
  const client = guardedClient({ allowed: [`named.example:${String(port)}`], resolve: async () => ["127.0.0.1"] });
  expect(await codeOf(get(client, `http://named.example:${String(port)}/`))).toBe(code);
  expect(trapped).toBe(0);
  answer = (_request, response) => void response.end("reached");
});

test("follows three redirects of a named target, and takes a body along only where the answer says so", async () => {
  const client = guardedClient({ allowed: [`named.example:${String(port)}`], resolve: async () => ["127.0.0.1"] });
  let left = 3;
  answer = (request, response) => {
    if (left-- > 0) response.writeHead(308, { location: `/${String(left)}` }).end();
    else response.end(`${request.method ?? ""} ${request.url ?? ""}`);
  };
  const sent = {
    method: "POST",
    url: `http://named.example:${String(port)}/`,
    headers: { "content-type": "text/plain" },
    body: "x",
  } as const;
  expect(await client.send(sent, signal)).toEqual({ status: 200, text: "POST /0" });
  answer = (_request, response) => response.writeHead(302, { location: "/elsewhere" }).end("moved");
  expect(await client.send(sent, signal)).toEqual({ status: 302, text: "moved" });
  answer = (_request, response) => void response.end("reached");
});

test("reads a bounded part of an answer, and gives up on one that does not come", async () => {
  const client = guardedClient({ allowed: [`named.example:${String(port)}`], resolve: async () => ["127.0.0.1"], timeoutMs: 300 });
  answer = (_request, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write("x".repeat(16_384)));
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  };
  expect((await get(client, `http://named.example:${String(port)}/`)).text).toHaveLength(maxAnswerBytes);
  answer = () => {};
  expect(await codeOf(get(client, `http://named.example:${String(port)}/`))).toBe("egress.unreachable");
  answer = (_request, response) => void response.destroy();
  expect(await codeOf(get(client, `http://named.example:${String(port)}/`))).toBe("egress.unreachable");
  for (const server of opened) server.closeAllConnections();
});
