package dev.firebreak.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.StringNode;

class LinesTest {
    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x07, 0x0a, 0x1b, 0x7f, 0x80, 0x85, 0x9b, 0x9f, 0xad, 0x061c, 0x200b, 0x200e, 0x200f, 0x2028,
                0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0xfeff, 0xe0041
            })
    void replacesWhatATerminalObeysOrHides(int unsafe) {
        assertThat(text("key" + Character.toString(unsafe) + "leaked")).isEqualTo("key?leaked");
    }

    @Test
    void leavesOrdinaryTextOfAnyLanguage() {
        String text = "Schl\u00fcssel \u043a\u043b\u044e\u0447 \u05de\u05e4\u05ea\u05d7 \u9375 \ud83d\udd11 ~!\u00a0";

        assertThat(text(text)).isEqualTo(text);
    }

    private static String text(String value) {
        return Lines.text(StringNode.valueOf(value));
    }
}
