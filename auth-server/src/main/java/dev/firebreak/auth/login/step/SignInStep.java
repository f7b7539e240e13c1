package dev.firebreak.auth.login.step;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a browser stands on its way in.
 *
 * @param csrf secret that the form must bring back
 * @param target where to go after sign-in; absent = nobody asked for anything
 * @param expiresAt end of this step
 * @param reset what a link to choose a password held; kept here so that no address shows it
 */
public record SignInStep(
        String csrf,
        @Nullable AuthorizationUrl target,
        Instant expiresAt,
        @Nullable String reset) {
    /** A step of somebody who signs in. */
    SignInStep(String csrf, @Nullable AuthorizationUrl target, Instant expiresAt) {
        this(csrf, target, expiresAt, null);
    }

    /** The same step, but back to another request. */
    SignInStep towards(@Nullable AuthorizationUrl newTarget) {
        return new SignInStep(csrf, newTarget, expiresAt, reset);
    }

    /** The same step, to choose a password; {@code null} if the link was none of ours. */
    SignInStep resetting(@Nullable String token) {
        return new SignInStep(csrf, target, expiresAt, token);
    }

    /** The same step with more time. */
    SignInStep until(Instant newExpiresAt) {
        return new SignInStep(csrf, target, newExpiresAt, reset);
    }

    /**
     * Three lines, a fourth only where it is needed, so that a node of the version before reads the others. Neither a
     * secret of ours nor a URL holds a line break.
     */
    String toText() {
        return expiresAt.getEpochSecond() + "\n" + csrf + "\n" + (target == null ? "" : target.relative())
                + (reset == null ? "" : "\n" + reset);
    }

    /** Reads {@link #toText}; absent if it is none, which after a good seal only another version of us can have made. */
    static Optional<SignInStep> parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length < 3 || lines.length > 4 || lines[1].isEmpty()) {
            return Optional.empty();
        }
        try {
            Instant expiresAt = Instant.ofEpochSecond(Long.parseLong(lines[0]));
            AuthorizationUrl target = AuthorizationUrl.parse(lines[2]).orElse(null);
            String reset = lines.length == 4 ? lines[3] : null;
            return Optional.of(new SignInStep(lines[1], target, expiresAt, reset));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "SignInStep[target=" + (target != null) + ", reset=" + (reset != null) + ", expiresAt=" + expiresAt
                + "]";
    }
}
