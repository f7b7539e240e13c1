package dev.firebreak.auth.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.TestPeople.SignedIn;
import dev.firebreak.auth.sso.SsoSessions;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.TrustFeed;
import dev.firebreak.trust.TrustFeedSettings;
import dev.firebreak.trust.Verdict;
import dev.firebreak.trust.VerifierPolicy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;

/** A verifier as every resource service has one, fed by this server alone. */
class VerifierIT extends ServerIT {
    @Autowired
    SsoSessions sessions;

    @TempDir
    Path folder;

    TrustFeed feed;
    TokenVerifier verifier;

    @BeforeEach
    void start() {
        TrustFeedSettings settings = new TrustFeedSettings(
                URI.create(oauth.internalUrl("/auth/internal/v1/trust")),
                folder.resolve("state"),
                Duration.ofMillis(200),
                Duration.ofSeconds(4),
                Lifetimes.TRUST_HARD_CAP);
        feed = new TrustFeed(settings, deployment.assertions("task-service", clock), clock);
        feed.start();
        verifier = new TokenVerifier(
                new VerifierPolicy(TestDeployment.ISSUER, TestDeployment.ORIGIN + "/api", Duration.ofSeconds(30), 100),
                feed,
                clock);
        Eventually.within(
                Duration.ofSeconds(10),
                "the feed was read",
                () -> feed.current().isPresent());
    }

    @AfterEach
    void stop() {
        feed.close();
    }

    @Test
    void acceptsWhatThisServerIssues() {
        SignedIn ada = people.signIn("operator");
        String user = oauth.tokens(ada).text("access_token");
        String service = oauth.token("demo-service", Map.of("grant_type", "client_credentials"))
                .text("access_token");

        assertThat(verifier.verify(user)).isInstanceOfSatisfying(Verdict.Accepted.class, accepted -> {
            assertThat(accepted.token().sub()).isEqualTo(ada.userId().toString());
            assertThat(accepted.token().sid()).isEqualTo(ada.sid().toString());
            assertThat(accepted.token().roles()).isEqualTo(Set.of("operator"));
            assertThat(accepted.token().scopes()).contains("tasks:read", "openid");
            assertThat(accepted.token().authTime()).isEqualTo(ada.authTime());
        });
        assertThat(verifier.verify(service))
                .isInstanceOfSatisfying(
                        Verdict.Accepted.class,
                        accepted -> assertThat(accepted.token().isUser()).isFalse());
    }

    @Test
    void refusesAnEndedSessionWithinFiveSeconds() {
        SignedIn ada = people.signIn();
        String token = oauth.tokens(ada).text("access_token");
        SignedIn other = people.signInAgain(ada.userId(), ada.email());
        String tokenOfOther = oauth.tokens(other).text("access_token");

        sessions.end(ada.sid(), "sign_out");

        Verdict refused = new Verdict.Refused(AuthError.TOKEN_REVOKED, Revocation.Kind.SID);
        Eventually.within(
                Duration.ofSeconds(5), "refused", () -> verifier.verify(token).equals(refused));
        assertThat(verifier.verify(tokenOfOther)).isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void refusesWhatACodeThatCameTwiceHadMade() {
        String code = oauth.code(people.signIn());
        String token = oauth.exchange(code).text("access_token");
        assertThat(verifier.verify(token)).isInstanceOf(Verdict.Accepted.class);

        oauth.exchange(code);

        Verdict refused = new Verdict.Refused(AuthError.TOKEN_REVOKED, Revocation.Kind.JTI);
        Eventually.within(
                Duration.ofSeconds(5), "refused", () -> verifier.verify(token).equals(refused));
    }

    @Test
    void refusesIdTokens() {
        assertThat(verifier.verify(oauth.tokens(people.signIn()).text("id_token")))
                .isInstanceOf(Verdict.Refused.class);
    }
}
