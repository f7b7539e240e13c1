package dev.firebreak.cli.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.firebreak.stack.layout.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    @Test
    void ofTheStackAreTheServicesThatHavePools() {
        assertThat(Target.of(Ports.defaults()))
                .extracting(target -> target.service() + " " + target.node() + " " + target.address())
                .containsExactly(
                        "auth-server auth-server-1 http://127.0.0.1:9001/actuator/pools",
                        "task-service task-service-1 http://127.0.0.1:9101/actuator/pools");
    }

    @ParameterizedTest
    @CsvSource({
        "http://10.0.0.7:9101, 10.0.0.7:9101, 10.0.0.7:9101, http://10.0.0.7:9101/actuator/pools",
        "http://h:1/, h:1, h:1, http://h:1/actuator/pools",
        "https://h/base/, h, h, https://h/base/actuator/pools",
        "http://h:1/actuator/pools, h:1, h:1, http://h:1/actuator/pools",
        "task-service-12=http://h:1, task-service, task-service-12, http://h:1/actuator/pools",
        "tasks=http://h:1/?a=b, tasks, tasks, http://h:1/actuator/pools",
    })
    void readsAddressesAsPeopleWriteThem(String text, String service, String node, String address) {
        Target target = Target.parse(text);

        assertThat(target.service()).isEqualTo(service);
        assertThat(target.node()).isEqualTo(node);
        assertThat(target.address()).hasToString(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "9101", "localhost:9101", "ftp://h", "http://", "http://a b", "x=", "http:h"})
    void refusesWhatIsNoAddress(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Target.parse(text));
    }
}
