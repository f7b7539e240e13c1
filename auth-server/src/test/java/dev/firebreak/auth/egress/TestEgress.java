package dev.firebreak.auth.egress;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;

/** Calls to a receiver on this machine. */
public final class TestEgress {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private TestEgress() {}

    /** May call this machine, without TLS. */
    public static Egress local() {
        return of(List.of(Network.of("127.0.0.0/8")));
    }

    /** As in production, but for TLS. */
    public static Egress publicOnly() {
        return of(List.of());
    }

    private static Egress of(List<Network> allowed) {
        return new Egress(new AddressRules(allowed), true, TIMEOUT, InetAddress::getAllByName, (SSLSocketFactory)
                SSLSocketFactory.getDefault());
    }
}
