package dev.firebreak.drill.site;

import dev.firebreak.drill.load.Answer;
import dev.firebreak.drill.load.Generator;
import dev.firebreak.drill.load.HttpWire;
import dev.firebreak.drill.load.Outcome;
import dev.firebreak.drill.load.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Programs that call the API with a person's access token and renew it when it is refused; and one token more, for
 * questions about single tokens. A refusal is right only for a token of a key that is being taken back.
 */
public final class Bearers implements Generator.Target, AutoCloseable {
    private static final int KEPT_CONNECTIONS = 20;
    private static final Duration GRANT_PATIENCE = Duration.ofSeconds(15);

    /** A renewed token may be of a key that is taken back in the same moment. */
    private static final int MOST_RENEWALS = 3;

    private static final class Caller {
        private volatile PublicClient.Tokens tokens;

        Caller(PublicClient.Tokens tokens) {
            this.tokens = tokens;
        }
    }

    private final HttpWire gateway;
    private final HttpWire tasks;
    private final List<Caller> callers = new ArrayList<>();
    private final Caller spare;
    private final LongAdder renewals = new LongAdder();
    private volatile Set<String> doomed = Set.of();

    private Bearers(DrillStack stack, List<PublicClient.Tokens> tokens) {
        this.gateway = Firebreak.wireTo(stack);
        int port = stack.parts().ports().tasks();
        this.tasks = new HttpWire(port, "localhost:" + port, Subject.PATIENCE.plusSeconds(1), KEPT_CONNECTIONS);
        tokens.forEach(each -> callers.add(new Caller(each)));
        this.spare = callers.removeLast();
    }

    /** @param count callers, each on behalf of another visitor */
    public static Bearers prepare(DrillStack stack, Firebreak firebreak, int count) throws IOException {
        List<PublicClient.Tokens> tokens = new ArrayList<>();
        try (HttpWire patient = Firebreak.patientWireTo(stack)) {
            for (String email : firebreak.emails().subList(0, count + 1)) {
                tokens.add(PublicClient.signIn(stack, patient, email));
            }
        }
        return new Bearers(stack, tokens);
    }

    /** From now on tokens of these keys may be refused: they are about to be taken back. */
    public void mayBeRefused(Set<String> kids) {
        doomed = Set.copyOf(kids);
    }

    /** Tokens of callers that were refused and renewed. */
    public int renewals() {
        return renewals.intValue();
    }

    @Override
    public Outcome fire(int index) throws IOException {
        Caller caller = callers.get(Math.floorMod(index, callers.size()));
        for (int renewed = 0; ; renewed++) {
            BearerToken token = caller.tokens.access();
            Answer answer = call(gateway, token);
            if (answer.status() != 401) {
                return answer.isGood() ? Outcome.GOOD : refusal(answer);
            }
            if (!doomed.contains(token.kid()) || renewed == MOST_RENEWALS) {
                return Outcome.WRONG_401;
            }
            renew(caller, token);
        }
    }

    /** How many verifiers, each asked for a list of tasks by itself, answer a token otherwise than with this status. */
    public int answeredOtherwise(BearerToken token, int status) {
        return (int) Stream.of(gateway, tasks)
                .filter(verifier -> status(verifier, token) != status)
                .count();
    }

    private static int status(HttpWire wire, BearerToken token) {
        try {
            return call(wire, token).status();
        } catch (IOException e) {
            return 0;
        }
    }

    /** A new token, signed by the key that signs now. */
    public BearerToken fresh() {
        try {
            renew(spare, spare.tokens.access());
            return spare.tokens.access();
        } catch (IOException e) {
            throw new IllegalStateException("a token cannot be renewed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        gateway.close();
        tasks.close();
    }

    private static Answer call(HttpWire wire, BearerToken token) throws IOException {
        return wire.send(Request.get("/api/v1/tasks?limit=10")
                .with("Accept", "application/json, application/problem+json")
                .with("Authorization", "Bearer " + token.value()));
    }

    private static Outcome refusal(Answer answer) {
        boolean comeBack = answer.header("retry-after").isPresent();
        return comeBack && (answer.status() == 503 || answer.status() == 429) ? Outcome.UNAVAILABLE : Outcome.FAILED;
    }

    /** Once for all calls that were refused with the same token; a busy server is asked again as it says. */
    private void renew(Caller caller, BearerToken refused) throws IOException {
        synchronized (caller) {
            long end = System.nanoTime() + GRANT_PATIENCE.toNanos();
            while (caller.tokens.access().equals(refused)) {
                Answer answer = PublicClient.refresh(gateway, caller.tokens.refresh());
                Optional<PublicClient.Tokens> next = PublicClient.Tokens.of(answer);
                if (next.isPresent()) {
                    caller.tokens = next.get();
                    if (caller != spare) {
                        renewals.increment();
                    }
                } else if (answer.status() == 503 && System.nanoTime() - end < 0) {
                    LockSupport.parkNanos(ComeBack.retryAfter(answer).toNanos());
                } else {
                    throw new IOException("a refresh token is answered with HTTP " + answer.status());
                }
            }
        }
    }
}
