package dev.firebreak.gateway.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RingTest {
    static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

    static String entry(String id, String state) {
        return "{\"id\":\"" + id + "\",\"state\":\"" + state + "\",\"key\":\"" + KEY + "\"}";
    }

    static String ring(String... entries) {
        return "{\"keys\":[" + String.join(",", entries) + "]}";
    }

    @Test
    void readsKeysInAllStates() {
        Ring ring = Ring.parse(ring(entry("c1", "retired"), entry("c2", "sealing"), entry("c3", "open-only")));

        assertThat(ring.sealing().id()).isEqualTo("c2");
        assertThat(ring.find("c1")).map(Ring.Key::state).contains(Ring.State.RETIRED);
        assertThat(ring.find("c3")).map(Ring.Key::state).contains(Ring.State.OPEN_ONLY);
        assertThat(ring.find("c4")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    not json                                                   | not a JSON object
                    {"keys":{}}                                                | array of keys
                    {"keys":[]}                                                | no key is sealing
                    {"keys":[],"more":1}                                       | one member keys
                    {"keys":[{"id":"c1","state":"sealing"}]}                   | members id, state and key
                    {"keys":[{"id":"c 1","state":"sealing","key":"x"}]}        | an id must be
                    {"keys":[{"id":"c1","state":"active","key":"x"}]}          | state must be
                    {"keys":[{"id":"c1","state":"sealing","key":"%"}]}         | key c1 is not base64
                    {"keys":[{"id":"c1","state":"sealing","key":"AAAA"}]}      | key c1 must have 32 bytes
                    """)
    void saysWhatIsWrongWithARing(String json, String complaint) {
        assertThatIllegalArgumentException().isThrownBy(() -> Ring.parse(json)).withMessageContaining(complaint);
    }

    @Test
    void acceptsOneSealingKeyAndNoTwins() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ring.parse(ring(entry("c1", "sealing"), entry("c2", "sealing"))))
                .withMessage("both c1 and c2 are sealing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ring.parse(ring(entry("c1", "sealing"), entry("c1", "retired"))))
                .withMessage("two keys have the id c1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ring.parse(ring(entry("c1", "open-only"))))
                .withMessage("no key is sealing");
    }

    @Test
    void showsNoSecret() {
        Ring ring = Ring.parse(ring(entry("c1", "sealing")));

        assertThat(ring.keys()).hasToString("[c1 (sealing)]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ring.parse("{\"keys\":[{\"id\":\"c1\",\"key\":\"" + KEY + "\"}]}"))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(KEY));
    }
}
