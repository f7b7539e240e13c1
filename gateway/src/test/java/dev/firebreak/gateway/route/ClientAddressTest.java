package dev.firebreak.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class ClientAddressTest {
    @Test
    void countsAnIpv4AddressByItself() throws UnknownHostException {
        assertThat(ClientAddress.network(InetAddress.getByName("192.0.2.7"))).isEqualTo("192.0.2.7");
    }

    @Test
    void countsIpv6AddressesByTheirNetwork() throws UnknownHostException {
        String one = ClientAddress.network(InetAddress.getByName("2001:db8:1:2:3:4:5:6"));
        String neighbour = ClientAddress.network(InetAddress.getByName("2001:db8:1:2:ffff::1"));
        String other = ClientAddress.network(InetAddress.getByName("2001:db8:1:3::1"));

        assertThat(one).isEqualTo(neighbour).endsWith("/64").isNotEqualTo(other);
    }
}
