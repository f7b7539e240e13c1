package dev.firebreak.starter.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {
    private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";

    @Test
    void continuesTheCallersTraceWithASpanOfItsOwn() {
        Trace trace = Trace.continued("00-" + TRACE_ID + "-00f067aa0ba902b7-01").orElseThrow();

        assertThat(trace.traceId()).isEqualTo(TRACE_ID);
        assertThat(trace.spanId()).matches("[0-9a-f]{16}").isNotEqualTo("00f067aa0ba902b7");
        assertThat(trace.sampled()).isTrue();
        assertThat(Trace.continued(trace.traceparent()).orElseThrow().traceId()).isEqualTo(TRACE_ID);
    }

    @Test
    void readsLaterVersionsAsFarAsItKnowsThem() {
        assertThat(Trace.continued("cc-" + TRACE_ID + "-00f067aa0ba902b7-00-what-the-future-brings"))
                .isPresent();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "00-" + TRACE_ID + "-00f067aa0ba902b7",
                "00-" + TRACE_ID + "-00f067aa0ba902b7-01-more",
                "ff-" + TRACE_ID + "-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-" + TRACE_ID + "-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473\n-00f067aa0ba902b7-01"
            })
    void beginsATraceWhereTheHeaderIsNone(String header) {
        assertThat(Trace.continued(header)).isEmpty();
        assertThat(Trace.begin().traceId()).matches("[0-9a-f]{32}");
    }
}
