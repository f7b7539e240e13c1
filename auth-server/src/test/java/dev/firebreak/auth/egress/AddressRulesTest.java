package dev.firebreak.auth.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
    private final AddressRules rules = new AddressRules(List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.9.9.9",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "198.18.0.1",
                "198.19.255.255",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd12:3456::1",
                "ff02::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::1"
            })
    void whatIsNotPublicIsRefused(String address) throws UnknownHostException {
        assertThat(rules.admits(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450::1"
            })
    void whatIsPublicIsAdmitted(String address) throws UnknownHostException {
        assertThat(rules.admits(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void theConfigurationAddsNetworksAndNothingBesideThem() throws UnknownHostException {
        AddressRules more = new AddressRules(List.of(Network.of("10.20.0.0/15"), Network.of("fd00::/8")));

        assertThat(more.admits(InetAddress.getByName("10.21.255.255"))).isTrue();
        assertThat(more.admits(InetAddress.getByName("10.22.0.0"))).isFalse();
        assertThat(more.admits(InetAddress.getByName("fd00::1"))).isTrue();
        assertThat(more.admits(InetAddress.getByName("fc00::1"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0", "10.0.0.0/33", "10.0.0/8", "localhost/8", "10.0.0.0/-1", "", "/8", "::/129"})
    void whatIsNoNetworkIsAnError(String cidr) {
        assertThatIllegalArgumentException().isThrownBy(() -> Network.of(cidr));
    }
}
