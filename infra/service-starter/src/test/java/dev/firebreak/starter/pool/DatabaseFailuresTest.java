package dev.firebreak.starter.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseFailuresTest {
    private final DatabaseFailures failures = new DatabaseFailures();

    @ParameterizedTest
    @CsvSource({
        "08001, pool.unavailable",
        "08006, pool.unavailable",
        "28P01, pool.unavailable",
        "53300, pool.unavailable",
        "57P01, pool.unavailable",
        "57P03, pool.unavailable",
        "58030, pool.unavailable",
        "25006, pool.unavailable",
        "57014, pool.saturated",
        "55P03, pool.saturated",
        "40001, pool.saturated",
        "40P01, pool.saturated",
        "42P01, pool.schema_behind",
        "42703, pool.schema_behind"
    })
    void infrastructureTroubleIsKnown(String state, String code) {
        var failure = failures.translate(new SQLException("detail of the server", state))
                .orElseThrow();

        assertThat(failure.error().code()).isEqualTo(code);
        assertThat(failure.error().kind().status()).isEqualTo(503);
        assertThat(failure.detail()).doesNotContain("detail of the server");
    }

    @Test
    void aConnectionThatCannotBeHadNeedsNoState() {
        assertThat(failures.translate(new SQLTransientConnectionException("timed out")))
                .get()
                .extracting(failure -> failure.error().code())
                .isEqualTo("pool.unavailable");
    }

    @ParameterizedTest
    @CsvSource({"23505", "23503", "22P05", "42601", "XX000"})
    void whatTheServiceItselfDidWrongIsNotTrouble(String state) {
        assertThat(failures.translate(new SQLException("x", state))).isEmpty();
        assertThat(failures.translate(new IllegalStateException("x"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "08001, false",
        "08006, false",
        "57P01, false",
        "57P03, false",
        "58030, false",
        ", false",
        "53300, true",
        "28P01, true",
        "42501, true"
    })
    void onlyAServerThatIsUpCanRefuse(String state, boolean answered) {
        assertThat(DatabaseFailures.isAnswered(new SQLException("x", state))).isEqualTo(answered);
    }
}
