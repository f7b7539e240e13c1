package dev.firebreak.auth.ratelimit;

import dev.firebreak.contracts.http.Headers;
import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/** Where a request comes from, as far as limits care: an IPv4 address, or an IPv6 /64, which is what one customer gets. */
public final class ClientNetwork {
    private static final int PREFIX_BYTES = 8;

    private ClientNetwork() {}

    /**
     * By the gateway's header. It strips that header from what clients send, and nobody else reaches this service's
     * port; without it (a direct call in a test) the peer counts.
     */
    public static String of(HttpServletRequest request) {
        String header = request.getHeader(Headers.CLIENT_ADDRESS);
        return network(header == null ? request.getRemoteAddr() : header);
    }

    private static String network(String literal) {
        try {
            // A literal only: nothing is looked up.
            InetAddress address = InetAddress.ofLiteral(literal.strip());
            byte[] bytes = address.getAddress();
            return address instanceof Inet6Address
                    ? HexFormat.of().formatHex(Arrays.copyOf(bytes, PREFIX_BYTES)) + "/64"
                    : address.getHostAddress();
        } catch (IllegalArgumentException notAnAddress) {
            // All of them share one bucket: what the gateway did not write earns no bucket of its own.
            return "unknown";
        }
    }
}
