package dev.firebreak.auth.google;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.MovableClock;
import dev.firebreak.auth.google.FakeGoogle.Reply;
import dev.firebreak.auth.google.Google.Outcome;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Google's answers over real HTTP and what they are taken for. */
class GoogleClientTest {
    static final Duration LIMIT = Duration.ofSeconds(5);

    final MovableClock clock = new MovableClock();
    final FakeGoogle fake = new FakeGoogle(clock);

    @AfterEach
    void stop() {
        fake.close();
    }

    @Test
    void refreshesForTheScopesAskedForAlone() {
        Outcome outcome = fake.client(LIMIT).refresh(fake.grant(), Set.of("b", "a"));

        Google.Tokens tokens = granted(outcome);
        assertThat(tokens.life()).isEqualTo(Duration.ofHours(1));
        assertThat(tokens.scopes()).containsExactlyInAnyOrder("a", "b");
        assertThat(tokens.refreshToken()).isNull();
        assertThat(fake.calls.getFirst()).containsEntry("scope", "a b");
        assertThat(tokens.toString()).doesNotContain(tokens.accessToken());
    }

    @Test
    void triesSecretsInOrderAndBeginsWithTheOneThatWorked() {
        fake.secrets.add("new-secret");
        fake.secrets.remove(FakeGoogle.SECRET);
        Google google =
                fake.client(LIMIT, FakeGoogle.secretFile(FakeGoogle.SECRET), FakeGoogle.secretFile("new-secret"));

        granted(google.refresh(fake.grant(), Set.of("a")));
        granted(google.refresh(fake.grant(), Set.of("a")));

        assertThat(fake.calls)
                .extracting(call -> call.get("client_secret"))
                .containsExactly(FakeGoogle.SECRET, "new-secret", "new-secret");
    }

    @Test
    void takesNoRefusedSecretForAVerdictOnTheGrant() {
        fake.secrets.clear();

        assertThat(fake.client(LIMIT).refresh(fake.grant(), Set.of("a")))
                .isEqualTo(new Outcome.Misconfigured("invalid_client"));
    }

    @Test
    void tellsAWorthlessRefreshToken() {
        assertThat(fake.client(LIMIT).refresh("1//nothing", Set.of("a")))
                .isEqualTo(new Outcome.Worthless("invalid_grant"));
    }

    @Test
    void triesARefreshOnceMoreAfterTroubleOfGoogleButNoCode() {
        AtomicInteger troubles = new AtomicInteger(1);
        fake.mood = reply -> troubles.getAndDecrement() > 0 ? Reply.of(503) : reply;
        Google google = fake.client(LIMIT);

        granted(google.refresh(fake.grant(), Set.of("a")));
        assertThat(fake.calls).hasSize(2);

        troubles.set(1);
        assertThat(google.exchange("code", "verifier", URI.create("https://x.example/back")))
                .isInstanceOf(Outcome.Away.class);
        assertThat(fake.calls).hasSize(3);
    }

    @Test
    void waitsAsLongAsGoogleSaysAfterTooManyRequestsAndDoesNotTryAgain() {
        fake.mood = reply -> new Reply(429, Map.of("Retry-After", "17"), "{}");

        assertThat(fake.client(LIMIT).refresh(fake.grant(), Set.of("a")))
                .isEqualTo(new Outcome.Away("too_many_requests", Duration.ofSeconds(17)));
        assertThat(fake.calls).hasSize(1);
    }

    @Test
    void stopsAskingAGoogleThatFailsAndTriesAgainLater() {
        GoogleClient google = fake.client(LIMIT, clock);
        fake.mood = reply -> Reply.of(500);
        for (int i = 0; i < 20; i++) {
            google.refresh(fake.grant(), Set.of("a"));
        }
        assertThat(fake.calls).hasSizeLessThanOrEqualTo(6);
        assertThat(google.isCutOff()).isTrue();

        fake.mood = reply -> reply;
        assertThat(google.refresh(fake.grant(), Set.of("a"))).isInstanceOf(Outcome.Away.class);
        clock.advance(Duration.ofSeconds(10));

        granted(google.refresh(fake.grant(), Set.of("a")));
        assertThat(google.isCutOff()).isFalse();
    }

    @Test
    void endsWithItsTimeWhateverGoogleDoes() {
        fake.mood = reply -> {
            sleep(Duration.ofSeconds(3));
            return reply;
        };

        long start = System.nanoTime();
        Outcome outcome = fake.client(Duration.ofMillis(300)).refresh(fake.grant(), Set.of("a"));

        assertThat(outcome).isEqualTo(new Outcome.Away("time_out", Duration.ofSeconds(5)));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(fake.calls).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "[]",
                "{}",
                "{\"access_token\":\"t\"}",
                "{\"access_token\":\"t\",\"expires_in\":0,\"token_type\":\"Bearer\"}",
                "{\"access_token\":\"t\",\"expires_in\":60,\"token_type\":\"mac\"}",
                "{\"access_token\":\"a b\",\"expires_in\":60,\"token_type\":\"Bearer\"}"
            })
    void takesNoAnswerThatIsNone(String body) {
        fake.mood = reply -> new Reply(200, Map.of(), body);

        assertThat(fake.client(LIMIT).refresh(fake.grant(), Set.of("a"))).isInstanceOf(Outcome.Misconfigured.class);
    }

    @Test
    void readsNoEndlessAnswer() {
        fake.mood = reply -> reply.with("padding", "x".repeat(200_000));

        assertThat(fake.client(LIMIT).refresh(fake.grant(), Set.of("a"))).isInstanceOf(Outcome.Away.class);
    }

    @Test
    void tellsWhoseTokensACodeGave() {
        Google.Tokens tokens =
                granted(fake.client(LIMIT).exchange("code", "verifier", URI.create("https://x.example/back")));

        assertThat(tokens.account()).isEqualTo(new Google.Account("1089", "ada@gmail.example"));
        assertThat(tokens.refreshToken()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "aud", "sub", "email", "exp", "signature"})
    void believesNoIdTokenThatIsNotGooglesWordToUs(String wrong) {
        String good = fake.idToken(Map.of());
        String bad = switch (wrong) {
            case "signature" -> {
                String other = fake.idToken(Map.of("email", "eve@gmail.example"));
                yield good.substring(0, good.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'));
            }
            case "exp" -> fake.idToken(Map.of("exp", clock.instant().getEpochSecond() - 120));
            default -> fake.idToken(Map.of(wrong, ""));
        };
        fake.mood = reply -> reply.with("id_token", bad);

        assertThat(fake.client(LIMIT).exchange("code", "verifier", URI.create("https://x.example/back")))
                .isEqualTo(new Outcome.Misconfigured("id_token_refused"));
    }

    @Test
    void countsWhatIsGoneAsRevoked() {
        Google google = fake.client(LIMIT);
        String token = fake.grant();

        assertThat(google.revoke(token)).isTrue();
        assertThat(google.revoke(token)).isTrue();
        fake.close();
        assertThat(google.revoke(token)).isFalse();
    }

    static Google.Tokens granted(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Granted.class);
        return ((Outcome.Granted) outcome).tokens();
    }

    static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
