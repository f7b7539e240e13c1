package dev.firebreak.starter;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressTest {
    @ParameterizedTest
    @CsvSource({
        "LOCAL, http://localhost:8080",
        "LOCAL, http://127.0.0.1",
        "LOCAL, http://[::1]:8080",
        "LOCAL, https://tasks.example.org",
        "PRODUCTION, https://tasks.example.org",
        "PRODUCTION, https://tasks.example.org:8443"
    })
    void takesOriginsAsBrowsersWriteThem(Profile profile, URI origin) {
        assertThatNoException().isThrownBy(() -> PublicAddress.requireOrigin(profile, origin));
        assertThatNoException().isThrownBy(() -> PublicAddress.requireIssuer(profile, URI.create(origin + "/auth")));
    }

    @ParameterizedTest
    @CsvSource({
        "PRODUCTION, http://tasks.example.org",
        "PRODUCTION, http://localhost:8080",
        "LOCAL, http://tasks.example.org",
        "LOCAL, ftp://localhost",
        "PRODUCTION, https:/tasks",
        "PRODUCTION, tasks.example.org"
    })
    void refusesPlainHttpButOnThisMachine(Profile profile, URI url) {
        assertThatExceptionOfType(Misconfigured.class)
                .isThrownBy(() -> PublicAddress.requireOrigin(profile, url))
                .withMessageContaining("firebreak.public-origin must be https");
        assertThatExceptionOfType(Misconfigured.class)
                .isThrownBy(() -> PublicAddress.requireIssuer(profile, url))
                .withMessageContaining("firebreak.issuer must be https");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://tasks.example.org/",
                "https://tasks.example.org/app",
                "https://Tasks.example.org",
                "HTTPS://tasks.example.org",
                "https://tasks.example.org:443",
                "https://tasks.example.org?a=b",
                "https://tasks.example.org#a",
                "https://alice@tasks.example.org"
            })
    void refusesAnOriginThatIsNotBare(URI origin) {
        assertThatExceptionOfType(Misconfigured.class)
                .isThrownBy(() -> PublicAddress.requireOrigin(Profile.PRODUCTION, origin))
                .withMessageContaining("must be a bare origin")
                .withMessageContaining(origin.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://tasks.example.org/auth/",
                "https://tasks.example.org/",
                "https://Tasks.example.org/auth",
                "https://tasks.example.org:443/auth",
                "https://tasks.example.org/auth?a=b",
                "https://alice@tasks.example.org/auth"
            })
    void refusesAnIssuerThatCouldBeWrittenInAnotherWay(URI issuer) {
        assertThatExceptionOfType(Misconfigured.class)
                .isThrownBy(() -> PublicAddress.requireIssuer(Profile.PRODUCTION, issuer))
                .withMessageContaining("firebreak.issuer must be a URL in lower case");
    }
}
