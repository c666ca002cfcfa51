import { BlockList, isIP } from "node:net";

type Subnet = readonly [network: string, prefix: number, family: "ipv4" | "ipv6"];

const listOf = (subnets: readonly Subnet[]): BlockList => {
  const list = new BlockList();
  for (const [network, prefix, family] of subnets) list.addSubnet(network, prefix, family);
  return list;
};

/**
 * IPv4 that is not of the public internet: this network, private, shared (CGNAT), loopback, link-local and metadata,
 * special protocols, documentation, 6to4 relays, benchmarks, multicast, reserved and broadcast; and a cloud's host service
 * that hides in public space. Source: IANA IPv4 Special-Purpose Address Registry.
 */
const notPublic4 = listOf([
  ["0.0.0.0", 8, "ipv4"],
  ["10.0.0.0", 8, "ipv4"],
  ["100.64.0.0", 10, "ipv4"],
  ["127.0.0.0", 8, "ipv4"],
  ["168.63.129.16", 32, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.0.0.0", 24, "ipv4"],
  ["192.0.2.0", 24, "ipv4"],
  ["192.31.196.0", 24, "ipv4"],
  ["192.52.193.0", 24, "ipv4"],
  ["192.88.99.0", 24, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["192.175.48.0", 24, "ipv4"],
  ["198.18.0.0", 15, "ipv4"],
  ["198.51.100.0", 24, "ipv4"],
  ["203.0.113.0", 24, "ipv4"],
  ["224.0.0.0", 4, "ipv4"],
  ["240.0.0.0", 4, "ipv4"],
]);

/**
 * IPv6 is the other way round: only global unicast is public. Everything that carries an IPv4 address inside (mapped,
 * compatible, NAT64) lies outside of it. Source: IANA IPv6 Special-Purpose Address Registry.
 */
const global6 = listOf([["2000::", 3, "ipv6"]]);
const notPublic6 = listOf([
  ["2001::", 23, "ipv6"],
  ["2001:db8::", 32, "ipv6"],
  ["2002::", 16, "ipv6"],
  ["2620:4f:8000::", 48, "ipv6"],
  ["3fff::", 20, "ipv6"],
]);

/** What not even a target that an administrator named may lead to: services of the host itself, and many at once. */
const neverAllowed = listOf([
  ["0.0.0.0", 8, "ipv4"],
  ["168.63.129.16", 32, "ipv4"],
  ["100.100.100.200", 32, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["224.0.0.0", 3, "ipv4"],
  ["::", 128, "ipv6"],
  ["fd00:ec2::254", 128, "ipv6"],
  ["fe80::", 10, "ipv6"],
  ["ff00::", 8, "ipv6"],
]);

/** Whether an address in text form is on the public internet. What is no address is not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !notPublic4.check(address, "ipv4");
  return family === 6 && global6.check(address, "ipv6") && !notPublic6.check(address, "ipv6");
}

/** Whether a target that an administrator named may have this address. */
export function isNameableAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !neverAllowed.check(address, "ipv4");
  // An IPv4 address inside an IPv6 one is judged by neither list; nobody needs to write one that way.
  return family === 6 && !neverAllowed.check(address, "ipv6") && !/^::(?!1$)/u.test(address) && !/^64:ff9b:/iu.test(address);
}

const loopback = listOf([
  ["127.0.0.0", 8, "ipv4"],
  ["::1", 128, "ipv6"],
]);

/** Whether an address is this machine itself, in its plain spelling. */
export function isLoopbackAddress(address: string): boolean {
  const family = isIP(address);
  return family === 4 ? loopback.check(address, "ipv4") : family === 6 && address === "::1" && loopback.check(address, "ipv6");
}
