package dev.firebreak.auth.user;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What a password hash costs and how many may be computed at once.
 *
 * @param memoryKib memory of one hash in KiB; the three defaults are OWASP's first choice for Argon2id
 * @param iterations passes over that memory
 * @param lanes degree of parallelism of one hash; more than 1 only makes sense with idle cores
 * @param threads hashes computed at once; 0 = one for two cores, so that a storm of sign-ins leaves half of the machine
 * @param queue hashes that may wait; 0 = 50 a thread, which at 30 hashes a second fits into the deadline
 * @param deadline longest time from asking for a hash to having it, waiting included
 */
@Validated
@ConfigurationProperties(prefix = "auth.password", ignoreUnknownFields = false)
record PasswordProperties(
        @DefaultValue("19456") int memoryKib,
        @DefaultValue("2") int iterations,
        @DefaultValue("1") int lanes,
        @DefaultValue("0") int threads,
        @DefaultValue("0") int queue,
        @DefaultValue("2s") Duration deadline) {
    private static final int QUEUE_PER_THREAD = 50;

    PasswordProperties {
        if (threads < 0 || threads > 64) {
            throw new IllegalArgumentException("auth.password.threads must lie between 0 and 64");
        }
        if (queue < 0 || queue > 10_000) {
            throw new IllegalArgumentException("auth.password.queue must lie between 0 and 10000");
        }
        if (!deadline.isPositive() || deadline.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new IllegalArgumentException("auth.password.deadline must be positive and at most 10s");
        }
    }

    Argon2id.Cost cost() {
        return new Argon2id.Cost(memoryKib, iterations, lanes);
    }

    int threadCount() {
        return threads > 0 ? threads : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    int queueLength() {
        return queue > 0 ? queue : QUEUE_PER_THREAD * threadCount();
    }
}
