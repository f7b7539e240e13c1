package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.Await;
import dev.firebreak.system.harness.Browser;
import dev.firebreak.system.harness.Figures;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.WithStack;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long an outage may last: an active user's token is at most 5.5 minutes old when it begins. */
@WithStack
class OutageBudgetIT {
    private static final Duration OLDEST = Duration.ofMinutes(5).plusSeconds(30);
    private static final Duration BUDGET = Duration.ofMinutes(9);

    private final SystemStack stack;

    OutageBudgetIT(SystemStack stack) {
        this.stack = stack;
    }

    @Test
    @Timeout(240)
    void nineMinutesAreInvisibleAndWhatFollowsIsUnavailableButNoSignOut() {
        Browser browser = stack.users().signedIn(Person.ALICE);
        stack.clock().advance(OLDEST.minusSeconds(90));
        stack.kill(Part.AUTH_SERVER);
        stack.kill(Part.AUTH_DB);
        stack.clock().advance(Duration.ofSeconds(90));

        Duration passed = Duration.ZERO;
        Duration step = Duration.ofSeconds(30);
        while (passed.compareTo(BUDGET) < 0) {
            Tasks.of(browser).list().expect(200);
            session(browser).expect(200);
            stack.clock().advance(step);
            passed = passed.plus(step);
        }
        Tasks.of(browser).list().expect(200);

        stack.clock().advance(Duration.ofMinutes(2));
        Answer past = Tasks.of(browser).list();
        Answer session = session(browser);
        assertThat(past.status()).as(past::toString).isEqualTo(503);
        session.expect(200);
        assertThat(session.json().path("renewal").asString()).isNotEqualTo("ok");

        stack.start(Part.AUTH_DB);
        stack.startAndAwait(Part.AUTH_SERVER);
        Duration healed = Await.until(
                "tasks again",
                Duration.ofSeconds(30),
                () -> Tasks.of(browser).list().status() == 200);
        Figures.record("Outage budget", "invisible for", passed.toMinutes() + " min on the stack's clock");
        Figures.record("Outage budget", "first call after the auth-server is ready again", healed);
    }

    private static Answer session(Browser browser) {
        return browser.fetch("GET", "/session", null);
    }
}
