package dev.firebreak.gateway.route;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/** Who is at the other end of the connection. Headers say nothing about it here: clients can write them. */
public final class ClientAddress {
    private static final String UNKNOWN = "unknown";
    /** One household or one server has at least a /64 (RFC 6177): budgets by single IPv6 address would be endless. */
    private static final int IPV6_NETWORK_BYTES = 8;

    private ClientAddress() {}

    /** The peer's address as text. */
    public static String of(ServerWebExchange exchange) {
        InetAddress address = addressOf(exchange);
        return address == null ? UNKNOWN : address.getHostAddress();
    }

    /** The peer's network, for budgets: an IPv4 address itself, the /64 of an IPv6 address. */
    public static String networkOf(ServerWebExchange exchange) {
        InetAddress address = addressOf(exchange);
        return address == null ? UNKNOWN : network(address);
    }

    static String network(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, IPV6_NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress() + "/64";
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an IPv6 address", e);
        }
    }

    private static @Nullable InetAddress addressOf(ServerWebExchange exchange) {
        InetSocketAddress peer = exchange.getRequest().getRemoteAddress();
        return peer == null ? null : peer.getAddress();
    }
}
