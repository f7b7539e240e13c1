package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.ApiClient;
import dev.firebreak.system.harness.Await;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.TokenForge;
import dev.firebreak.system.harness.Users;
import dev.firebreak.system.harness.WithStack;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens that must not be accepted, at the gateway and at the task service behind it alike. */
@WithStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TokensIT {
    /** Where a token is shown. */
    enum Door {
        GATEWAY,
        TASK_SERVICE
    }

    private final SystemStack stack;
    private final Users.Tokens genuine;

    TokensIT(SystemStack stack) {
        this.stack = stack;
        this.genuine = stack.users().tokens(Person.ALICE);
    }

    @ParameterizedTest
    @EnumSource
    void acceptsAGenuineToken(Door door) {
        at(door, genuine.access()).get(Tasks.PATH).expect(200);
    }

    Stream<Arguments> forgeries() {
        TokenForge forge = new TokenForge(genuine.access());
        String jwks = stack.browser()
                .fetch("GET", "/auth/oauth2/jwks", null)
                .expect(200)
                .body();
        List<Arguments> bad = List.of(
                Arguments.of("nonsense", "nonsense", "auth.token_malformed"),
                Arguments.of("unsigned, alg none", forge.unsigned(), "auth.token_malformed"),
                Arguments.of("signature left out", forge.withoutSignature(), "auth.token_malformed"),
                Arguments.of("HS256 with the public key", forge.symmetric(jwks), "auth.token_invalid"),
                Arguments.of("signed by another key", forge.signedByAnother(), "auth.token_invalid"),
                Arguments.of("brings its own key", forge.ownKeyInHeader(), "auth.token_invalid"),
                Arguments.of("subject changed", forge.tamperedSubject(), "auth.token_invalid"),
                Arguments.of("signature changed", forge.tamperedSignature(), "auth.token_invalid"),
                Arguments.of("unknown key", forge.unknownKey(), "auth.key_unknown"),
                Arguments.of(
                        "another audience",
                        forge.signed(forge.kid(), "at+jwt", c -> c.audience(stack.origin() + "/ops")),
                        "auth.token_invalid"),
                Arguments.of(
                        "another issuer",
                        forge.signed(forge.kid(), "at+jwt", c -> c.issuer("https://other.example/auth")),
                        "auth.token_invalid"),
                Arguments.of("another type", forge.signed(forge.kid(), "JWT", claims -> claims), "auth.token_invalid"),
                Arguments.of("an ID token, genuinely signed", genuine.id(), "auth.token_invalid"),
                Arguments.of("a refresh token", genuine.refresh(), "auth.token_malformed"));
        return bad.stream()
                .flatMap(one -> Stream.of(Door.values())
                        .map(door -> Arguments.of(door, one.get()[0], one.get()[1], one.get()[2])));
    }

    @ParameterizedTest(name = "{1} at {0}")
    @MethodSource("forgeries")
    void refuses(Door door, String what, String token, String code) {
        // That nobody has a key is known with fresh trust data only; after another test's outage it may be seconds old.
        Answer refused = Await.until(
                "trust data fresh enough to judge",
                Duration.ofSeconds(30),
                () -> at(door, token).get(Tasks.PATH),
                answer -> !answer.outcome().equals("503 auth.trust_unavailable"));

        refused.expectProblem(401, code);
        assertThat(refused.header("www-authenticate"))
                .as(what)
                .startsWith("Bearer")
                .contains("error=\"invalid_token\"");
        assertThat(refused.body()).doesNotContain(token);
    }

    @ParameterizedTest
    @EnumSource
    void asksForATokenWhenThereIsNone(Door door) {
        Answer refused = at(door, null).get(Tasks.PATH);

        refused.expectProblem(401, "auth.token_missing");
        // RFC 6750, 3.1: no error code for a request without authentication.
        assertThat(refused.header("www-authenticate")).startsWith("Bearer").doesNotContain("error=");
    }

    @ParameterizedTest
    @EnumSource
    void refusesATokenWithoutTheScope(Door door) {
        String readOnly =
                stack.users().clientCredentials("demo-service", "tasks:read").access();

        Answer refused = at(door, readOnly).post(Tasks.PATH, "{\"title\":\"x\"}");

        refused.expectProblem(403, "auth.scope_missing");
    }

    @ParameterizedTest
    @EnumSource
    void takesATokenFromTheAuthorizationHeaderOnly(Door door) {
        at(door, null).get(Tasks.PATH + "?access_token=" + genuine.access()).expect(401);
    }

    @Test
    void spendsARefreshTokenOfAPublicClientOnce() {
        Users.Tokens tokens = stack.users().tokens(Person.ALICE);
        Answer first = refresh(tokens.refresh()).expect(200);
        stack.clock().advance(Duration.ofSeconds(31));

        Answer replay = refresh(tokens.refresh()).expect(400);

        assertThat(replay.json().path("error").asString()).isEqualTo("invalid_grant");
        Answer successor =
                refresh(first.json().path("refresh_token").asString()).expect(400);
        assertThat(successor.json().path("error").asString())
                .as("its family ended")
                .isEqualTo("invalid_grant");
    }

    @Test
    void forgivesALostAnswerWithinThirtySeconds() {
        Users.Tokens tokens = stack.users().tokens(Person.ALICE);
        String successor = refresh(tokens.refresh())
                .expect(200)
                .json()
                .path("refresh_token")
                .asString();

        String again = refresh(tokens.refresh())
                .expect(200)
                .json()
                .path("refresh_token")
                .asString();

        assertThat(again).as("the same successor").isEqualTo(successor);
        refresh(successor).expect(200);
    }

    @ParameterizedTest
    @EnumSource
    void refusesARevokedToken(Door door) {
        Users.Tokens tokens = stack.users().tokens(Person.BOB);
        at(door, tokens.access()).get(Tasks.PATH).expect(200);
        stack.users()
                .internal("gateway", "POST", "/sessions/" + tokens.claims().get("sid") + "/end", "")
                .expect(200);

        Answer refused = Await.until(
                "revoked at " + door,
                Duration.ofSeconds(5),
                () -> at(door, tokens.access()).get(Tasks.PATH),
                answer -> answer.status() == 401);

        refused.expectProblem(401, "auth.token_revoked");
    }

    @ParameterizedTest
    @EnumSource
    @Order(Integer.MAX_VALUE)
    void refusesAnExpiredToken(Door door) {
        String token = stack.users().bearer(Person.ALICE);
        at(door, token).get(Tasks.PATH).expect(200);

        // 15 minutes and 30 seconds of skew (contracts, "Tokens and life times").
        stack.clock().advance(Duration.ofMinutes(15).plusSeconds(15));
        at(door, token).get(Tasks.PATH).expect(200);
        stack.clock().advance(Duration.ofSeconds(20));

        at(door, token).get(Tasks.PATH).expectProblem(401, "auth.token_expired");
        stack.awaitFresh();
    }

    private Answer refresh(String token) {
        return stack.users()
                .token(Map.of("grant_type", "refresh_token", "client_id", "firebreak-cli", "refresh_token", token));
    }

    private ApiClient at(Door door, String token) {
        return switch (door) {
            case GATEWAY -> stack.api(token);
            case TASK_SERVICE -> new ApiClient(stack.direct(Part.TASK_SERVICE), token);
        };
    }
}
