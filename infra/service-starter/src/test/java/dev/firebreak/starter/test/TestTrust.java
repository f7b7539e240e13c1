package dev.firebreak.starter.test;

import dev.firebreak.trust.TrustSource;
import dev.firebreak.trust.test.TestIssuer;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Import it, and the service under test trusts a {@link TestIssuer} in memory instead of a feed. The issuer is
 * {@link #ISSUER}; set {@code firebreak.issuer} and {@code firebreak.public-origin} to match.
 */
@TestConfiguration(proxyBeanMethods = false)
public class TestTrust {
    /** Value for {@code firebreak.issuer}. */
    public static final String ISSUER = "http://localhost:8080/auth";

    /** Value for {@code firebreak.public-origin}. */
    public static final String ORIGIN = "http://localhost:8080";

    @Bean
    TestIssuer testIssuer(InstantSource clock) {
        return new TestIssuer(ISSUER, clock);
    }

    @Bean
    TrustSource trustInMemory(TestIssuer issuer) {
        return issuer.trust();
    }

    /** An access token of a user whom nobody else has, so that tests can share a database. */
    public static String newUser(TestIssuer issuer) {
        return issuer.accessTokenOf(
                UUID.randomUUID().toString(), UUID.randomUUID().toString());
    }
}
