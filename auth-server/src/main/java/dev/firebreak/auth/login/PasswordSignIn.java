package dev.firebreak.auth.login;

import dev.firebreak.auth.login.LoginPage.State;
import dev.firebreak.auth.ratelimit.SignInLimits;
import dev.firebreak.auth.ratelimit.SignInLimits.Admission;
import dev.firebreak.auth.sso.SsoSecret;
import dev.firebreak.auth.sso.SsoSignIns;
import dev.firebreak.auth.user.EmailKey;
import dev.firebreak.auth.user.Passwords;
import dev.firebreak.auth.user.Passwords.Verdict;
import dev.firebreak.auth.user.UserAccount;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ErrorCode.Kind;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.UserError;
import dev.firebreak.contracts.token.Claims;
import dev.firebreak.starter.problem.Failure;
import dev.firebreak.starter.problem.ProblemRenderer;
import dev.firebreak.trust.RetryAfter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** One attempt to sign in by password, from the limits to the new sign-in. Infrastructure trouble is never a verdict. */
@Service
class PasswordSignIn {
    private static final Logger LOG = LoggerFactory.getLogger(PasswordSignIn.class);

    // No address is longer (RFC 5321, 4.5.3.1.3), and what is longer is not worth normalising.
    private static final int MAX_USERNAME = 254;

    // Twice in a row somebody changed the user between the check and the sign-in: no person does that.
    private static final int CHECKS = 3;

    private final SignInLimits limits;
    private final Passwords passwords;
    private final SsoSignIns signIns;
    private final ProblemRenderer problems;
    private final MeterRegistry meters;
    private final RandomGenerator random;

    /** What was typed and by whom. */
    record Attempt(
            String username,
            String password,
            boolean remember,
            String network,
            String device,
            @Nullable SsoSecret previous) {
        @Override
        public String toString() {
            return "Attempt[network=" + network + ", device=" + device + "]";
        }
    }

    /** What came of it. */
    sealed interface Outcome {
        /** The browser is signed in. */
        record SignedIn(SsoSecret secret) implements Outcome {}

        /**
         * It is not.
         *
         * @param retryAfterSeconds when the state may have passed; null if it does not pass by itself
         */
        record Refused(State state, @Nullable Integer retryAfterSeconds) implements Outcome {}
    }

    PasswordSignIn(
            SignInLimits limits,
            Passwords passwords,
            SsoSignIns signIns,
            ProblemRenderer problems,
            MeterRegistry meters,
            RandomGenerator random) {
        this.limits = limits;
        this.passwords = passwords;
        this.signIns = signIns;
        this.problems = problems;
        this.meters = meters;
        this.random = random;
    }

    Outcome attempt(Attempt attempt) {
        Outcome outcome = admitted(attempt);
        String label = switch (outcome) {
            case Outcome.SignedIn _ -> "signed_in";
            case Outcome.Refused refused -> refused.state().name().toLowerCase(Locale.ROOT);
        };
        meters.counter("auth.sign_in", "outcome", label).increment();
        return outcome;
    }

    private Outcome admitted(Attempt attempt) {
        if (attempt.username().isBlank()
                || attempt.username().length() > MAX_USERNAME
                || attempt.password().isEmpty()) {
            // Not a guess: nobody has such an address or password.
            return new Outcome.Refused(State.WRONG, null);
        }
        Admission admission = limits.admit(EmailKey.of(attempt.username()).value(), attempt.network());
        return switch (admission) {
            case Admission.Refused(Duration retryAfter) ->
                new Outcome.Refused(
                        State.LIMITED,
                        Math.toIntExact(retryAfter.plusMillis(999).toSeconds()));
            case Admission.Admitted(SignInLimits.Attempt counted) -> {
                Outcome outcome = checked(attempt);
                boolean failedGuess = outcome instanceof Outcome.Refused refused && refused.state() == State.WRONG;
                if (!failedGuess) {
                    counted.forgive();
                }
                yield outcome;
            }
        };
    }

    private Outcome checked(Attempt attempt) {
        try {
            for (int check = 1; check <= CHECKS; check++) {
                Optional<Outcome> outcome = checkedOnce(attempt);
                if (outcome.isPresent()) {
                    return outcome.get();
                }
            }
            throw new ServiceException(AuthError.UNAVAILABLE, "The account is being changed.");
        } catch (RuntimeException e) {
            return refused(problems.translate(e), e);
        }
    }

    /** Absent if the user was changed after the password was found right. */
    private Optional<Outcome> checkedOnce(Attempt attempt) {
        return switch (passwords.check(attempt.username(), attempt.password())) {
            case Verdict.Right right -> begin(right, attempt);
            case Verdict.Disabled(UserAccount user) -> {
                LOG.info("Sign-in of {} refused: disabled", user.id());
                yield Optional.of(new Outcome.Refused(State.DISABLED, null));
            }
            case Verdict.Wrong _ -> Optional.of(new Outcome.Refused(State.WRONG, null));
        };
    }

    private Optional<Outcome> begin(Verdict.Right right, Attempt attempt) {
        SsoSignIns.Proof proof = new SsoSignIns.Proof(List.of("pwd"), Claims.ACR_PASSWORD, right.version());
        return signIns.begin(right.user(), proof, attempt.remember(), attempt.device(), attempt.previous())
                .map(begun -> {
                    LOG.info(
                            "Signed in {} as session {}",
                            right.user().id(),
                            begun.session().sid());
                    return new Outcome.SignedIn(begun.secret());
                });
    }

    /** Trouble that passes is a state of the page; anything else is a bug, and stays an exception. */
    private Outcome refused(Failure failure, RuntimeException thrown) {
        if (failure.error() == UserError.DISABLED) {
            return new Outcome.Refused(State.DISABLED, null);
        }
        if (failure.error().kind() != Kind.UNAVAILABLE) {
            throw thrown;
        }
        LOG.warn("Sign-in not possible: {} ({})", failure.error().code(), String.valueOf(thrown.getMessage()));
        return new Outcome.Refused(State.UNAVAILABLE, RetryAfter.seconds(failure.retryAfter(), random));
    }
}
