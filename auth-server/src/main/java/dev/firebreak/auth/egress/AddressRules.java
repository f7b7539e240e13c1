package dev.firebreak.auth.egress;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses may be called: public ones, and what the configuration adds. By the registries of special addresses (RFC
 * 6890 and IANA's), because a name that somebody else chose may lead into our own networks or to a cloud's metadata.
 */
final class AddressRules {
    private static final List<Network> SPECIAL_V4 = Stream.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.88.99.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/3")
            .map(Network::of)
            .toList();

    /** Of IPv6 only what is given out for the Internet. */
    private static final Network GLOBAL_V6 = Network.of("2000::/3");

    /** Within it: protocols' own, Teredo, documentation, and 6to4, which hides an IPv4 address. */
    private static final List<Network> SPECIAL_V6 = Stream.of("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
            .map(Network::of)
            .toList();

    private final List<Network> allowed;

    /** @param allowed networks that may be called although they are not public */
    AddressRules(List<Network> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    boolean admits(InetAddress address) {
        return isPublic(address) || isIn(allowed, address);
    }

    private static boolean isPublic(InetAddress address) {
        // An IPv4 address in IPv6 notation is an Inet4Address by then.
        return address instanceof Inet4Address
                ? !isIn(SPECIAL_V4, address)
                : GLOBAL_V6.contains(address) && !isIn(SPECIAL_V6, address);
    }

    private static boolean isIn(List<Network> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }
}
