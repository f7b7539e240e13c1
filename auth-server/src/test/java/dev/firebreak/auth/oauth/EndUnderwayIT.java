package dev.firebreak.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople.SignedIn;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;

/** An order to end something, given while a client gets tokens for it: whoever comes first, nothing lives on. */
class EndUnderwayIT extends ServerIT {
    private static final HttpRequest.BodyPublisher NOTHING = HttpRequest.BodyPublishers.noBody();

    @RepeatedTest(20)
    void aSignOutLeavesNothingOfACodeThatIsBeingRedeemed() throws Exception {
        SignedIn ada = people.signIn();
        String code = oauth.code(ada);
        HttpRequest.Builder order = oauth.internal("/auth/internal/v1/sessions/" + ada.sid() + "/end", "gateway")
                .POST(NOTHING);

        List<Answer> answers = both(() -> oauth.exchange(code), () -> oauth.send(order));

        assertNothingLives(ada, answers);
    }

    @RepeatedTest(20)
    void disablingLeavesNothingOfAFamilyThatIsBeingRenewed() throws Exception {
        SignedIn ada = people.signIn();
        String token = oauth.tokens(ada).text("refresh_token");
        HttpRequest.Builder order = oauth.internal(
                        "/auth/internal/v1/ops/users/" + ada.userId() + "/disable", "operator-cli")
                .POST(NOTHING);

        List<Answer> answers = both(() -> oauth.refresh(token), () -> oauth.send(order));

        assertNothingLives(ada, answers);
        assertThat(oauth.refresh(token).text("error")).isEqualTo("invalid_grant");
    }

    private static List<Answer> both(
            java.util.function.Supplier<Answer> client, java.util.function.Supplier<Answer> order) throws Exception {
        AtomicInteger number = new AtomicInteger();
        return Parallel.run(2, () -> number.getAndIncrement() == 0 ? client.get() : order.get());
    }

    private void assertNothingLives(SignedIn user, List<Answer> answers) {
        Answer client = answers.stream()
                .filter(it -> !it.raw().uri().getPath().contains("/internal/"))
                .findFirst()
                .orElseThrow();
        Answer order = answers.stream()
                .filter(it -> it.raw().uri().getPath().contains("/internal/"))
                .findFirst()
                .orElseThrow();
        assertThat(order.status()).isEqualTo(200);
        assertThat(jdbc.sql("SELECT count(*) FROM refresh_family WHERE sid = :sid AND revoked_at IS NULL")
                        .param("sid", user.sid())
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(jdbc.sql("SELECT count(*) FROM revocation WHERE kind = 'sid' AND value = :sid")
                        .param("sid", user.sid().toString())
                        .query(Long.class)
                        .single())
                .as("what was issued in time is taken back")
                .isEqualTo(1);
        if (client.status() == 200) {
            assertThat(oauth.refresh(TestOAuth.requireOk(client).text("refresh_token"))
                            .text("error"))
                    .isEqualTo("invalid_grant");
        } else {
            assertThat(client.text("error")).isEqualTo("invalid_grant");
        }
    }
}
