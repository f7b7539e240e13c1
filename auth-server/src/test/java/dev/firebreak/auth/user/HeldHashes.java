package dev.firebreak.auth.user;

import dev.firebreak.auth.user.PasswordHasherTest.SlowEncoder;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** Give it to a server, and its password hashes begin at once and end when the test lets them. */
@TestConfiguration(proxyBeanMethods = false)
public class HeldHashes {
    private static final int AT_ONCE = 32;
    private static final Duration LONG = Duration.ofSeconds(20);

    private final SlowEncoder encoder = new SlowEncoder();

    @Bean
    @Primary
    PasswordHasher heldHasher(MeterRegistry meters) {
        return new PasswordHasher(encoder, "#decoy", AT_ONCE, 1, LONG, meters);
    }

    /** Hashes that have begun. */
    public int begun() {
        return encoder.started.get();
    }

    /** Lets all of them end, and later ones too. */
    public void release() {
        encoder.release.countDown();
    }
}
