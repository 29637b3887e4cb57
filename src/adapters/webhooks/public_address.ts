import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Special-purpose networks according to IANA, which contain no public servers. */
const NO_PUBLIC_IPV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
];

/** Networks within the global unicast addresses (2000::/3) that are tunnels or special. */
const NO_PUBLIC_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

const closed4 = listOf(NO_PUBLIC_IPV4, "ipv4");
const closed6 = listOf(NO_PUBLIC_IPV6, "ipv6");
const global6 = listOf(["2000::/3"], "ipv6");

/**
 * Whether an IP address is that of a public server, and not of a private network or this machine.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) {
    return !closed4.check(address, "ipv4");
  }
  return isIPv6(address) && global6.check(address, "ipv6") && !closed6.check(address, "ipv6");
}

function listOf(networks: readonly string[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
