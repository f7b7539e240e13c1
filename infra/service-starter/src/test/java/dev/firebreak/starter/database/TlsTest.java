package dev.firebreak.starter.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TlsTest {
    private static final Path CA = Path.of("ca.pem");

    @Test
    void plainTextIsAssumedOnlyWhereItIsAllowed() {
        assertThat(Tls.of(null, null, Sslmode.DISABLE)).isEqualTo(new Tls(Sslmode.DISABLE, null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.of(null, null, null))
                .withMessageStartingWith("sslmode is missing: outside the local profile say verify-full");
        assertThat(Tls.of(Sslmode.DISABLE, null, null)).isEqualTo(new Tls(Sslmode.DISABLE, null));
    }

    @ParameterizedTest
    @EnumSource(names = {"VERIFY_CA", "VERIFY_FULL"})
    void whatVerifiesNeedsTheCa(Sslmode mode) {
        assertThat(Tls.of(mode, CA, null).rootCert()).isEqualTo(CA);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.of(mode, null, null))
                .withMessageStartingWith("ssl-root-cert is missing: sslmode " + mode.word());
    }

    @ParameterizedTest
    @EnumSource(names = {"DISABLE", "REQUIRE"})
    void aCaThatNobodyWouldLookAtIsRefused(Sslmode mode) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.of(mode, CA, null))
                .withMessageStartingWith("ssl-root-cert is set but sslmode " + mode.word() + " verifies nothing");
    }
}
