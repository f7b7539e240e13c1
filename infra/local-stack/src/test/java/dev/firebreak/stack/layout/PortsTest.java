package dev.firebreak.stack.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void areThoseOfTheContract() {
        assertThat(Arrays.stream(Part.values()).map(Ports.defaults()::of))
                .containsExactly(5442, 5443, 9000, 9100, 8080);
        assertThat(Ports.defaults().opened(Part.AUTH_SERVER)).containsValues(9000, 9002, 9001);
    }

    @Test
    void moveTheOriginWithTheGateway() {
        assertThat(Ports.defaults().withGateway(8180).publicOrigin()).isEqualTo("http://localhost:8180");
        assertThat(Ports.defaults().withGateway(8180).gatewayManagement()).isEqualTo(8181);
    }

    @Test
    void refuseToShareOrToLeaveTheRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ports.defaults().withGateway(9000))
                .withMessageContaining("share a port");
        assertThatIllegalArgumentException().isThrownBy(() -> Ports.defaults().withGateway(65_535));
        assertThatIllegalArgumentException().isThrownBy(() -> Ports.defaults().withGateway(0));
    }

    @Test
    void areDifferentForEachStack() {
        Random random = new Random(7);

        assertThat(Ports.free(random)).isNotEqualTo(Ports.free(random));
    }

    @Test
    void areFoundByShortNames() {
        assertThat(Part.find("gateway")).hasValue(Part.GATEWAY);
        assertThat(Part.find("gateway-1")).hasValue(Part.GATEWAY);
        assertThat(Part.find("auth-db")).hasValue(Part.AUTH_DB);
        assertThat(Part.find("gate")).isEmpty();
    }
}
