package dev.firebreak.auth.ratelimit;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;

/**
 * Decides whether a sign-in may be tried now. An attempt takes one token of its address and one of its account before
 * the password is looked at, so that a hundred guesses at once are a hundred guesses; what turns out not to be a failed
 * guess gives the account's token back.
 */
public final class SignInLimits {
    private final Buckets accounts;
    private final Buckets addresses;
    private final Counter refusedAccounts;
    private final Counter refusedAddresses;

    /** What became of the wish to try. */
    public sealed interface Admission {
        /** The attempt may go on; whoever holds it says what it was. */
        record Admitted(Attempt attempt) implements Admission {}

        /** Not now. */
        record Refused(Duration retryAfter) implements Admission {}
    }

    /** An attempt under way. It counts as a failed guess unless {@link #forgive} is called. */
    public static final class Attempt {
        private final Bucket account;

        private Attempt(Bucket account) {
            this.account = account;
        }

        /** It was no failed guess: the password was right, or was never looked at. Call at most once. */
        public void forgive() {
            account.addTokens(1);
        }
    }

    SignInLimits(SignInLimitProperties properties, InstantSource clock, MeterRegistry meters) {
        this.accounts =
                new Buckets(properties.accountFailures(), properties.accountWindow(), properties.maxTracked(), clock);
        this.addresses =
                new Buckets(properties.addressAttempts(), properties.addressWindow(), properties.maxTracked(), clock);
        this.refusedAccounts = refused("account", meters);
        this.refusedAddresses = refused("address", meters);
        tracked("account", accounts, meters);
        tracked("address", addresses, meters);
    }

    /**
     * @param account what makes two attempts be on the same account
     * @param network what makes two attempts come from the same place
     */
    public Admission admit(String account, String network) {
        ConsumptionProbe ofAddress = addresses.of(network).tryConsumeAndReturnRemaining(1);
        if (!ofAddress.isConsumed()) {
            refusedAddresses.increment();
            return new Admission.Refused(Duration.ofNanos(ofAddress.getNanosToWaitForRefill()));
        }
        Bucket bucket = accounts.of(digest(account));
        ConsumptionProbe ofAccount = bucket.tryConsumeAndReturnRemaining(1);
        if (!ofAccount.isConsumed()) {
            refusedAccounts.increment();
            return new Admission.Refused(Duration.ofNanos(ofAccount.getNanosToWaitForRefill()));
        }
        return new Admission.Admitted(new Attempt(bucket));
    }

    /** Keys of one size whatever was typed, and no addresses of people in memory. */
    private static String digest(String account) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(account.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static Counter refused(String by, MeterRegistry meters) {
        return Counter.builder("auth.sign_in.refused")
                .description("Sign-ins not tried because of too many before")
                .tag("by", by)
                .register(meters);
    }

    private static void tracked(String kind, Buckets buckets, MeterRegistry meters) {
        Gauge.builder("auth.sign_in.buckets", buckets, Buckets::size)
                .description("Buckets of sign-in attempts in memory")
                .tag("kind", kind)
                .register(meters);
    }
}
