package dev.firebreak.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople.SignedIn;
import dev.firebreak.auth.client.Clients;
import dev.firebreak.auth.grant.RefreshFamilies;
import dev.firebreak.starter.test.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class RefreshIT extends ServerIT {
    @Autowired
    RefreshFamilies families;

    @Autowired
    Clients clients;

    @Test
    void rotatesInOneStatementAndReadsTheUserAnew() {
        SignedIn ada = people.signIn();
        Answer first = oauth.tokens(ada);
        jdbc.sql("UPDATE user_account SET name = 'Ada King', role = 'operator' WHERE id = :id")
                .param("id", ada.userId())
                .update();
        statements.reset();

        Answer second = TestOAuth.requireOk(oauth.refresh(first.text("refresh_token")));

        assertThat(requestStatements()).hasSize(1).first().asString().startsWith("UPDATE refresh_family");
        assertThat(second.text("refresh_token"))
                .isNotEqualTo(first.text("refresh_token"))
                .matches("rt1\\.m[0-9a-f]{8}\\.[0-9a-f-]{36}\\.2\\.[A-Za-z0-9_-]{43}");
        assertThat(TestOAuth.claims(second.text("access_token")))
                .containsEntry("roles", List.of("operator"))
                .containsEntry("sid", ada.sid().toString())
                .containsEntry("auth_time", ada.authTime().getEpochSecond());
        assertThat(TestOAuth.claims(second.text("id_token")))
                .containsEntry("name", "Ada King")
                .doesNotContainKey("nonce");
    }

    @Test
    void repeatsALostAnswerForDaysUntilTheNewestWasUsed() {
        String first = oauth.tokens(people.signIn()).text("refresh_token");
        String second = next(first);

        pass(Duration.ofDays(3));

        assertThat(next(first)).as("the very same successor").isEqualTo(second);
        assertThat(next(first)).isEqualTo(second);
        String third = next(second);
        pass(Duration.ofSeconds(31));
        assertThat(oauth.refresh(first).text("error")).isEqualTo("invalid_grant");
        assertThat(oauth.refresh(third).text("error"))
                .as("reuse of a grandparent ends the family")
                .isEqualTo("invalid_grant");
    }

    @Test
    void takesTwoStatementsForALostAnswer() {
        String first = oauth.tokens(people.signIn()).text("refresh_token");
        next(first);
        statements.reset();

        next(first);

        assertThat(requestStatements()).hasSize(2);
    }

    @Test
    void givesFiftyParallelRequestsOneSuccessor() throws Exception {
        String first = oauth.tokens(people.signIn()).text("refresh_token");

        List<Answer> answers = Parallel.run(50, () -> oauth.refresh(first));

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
        assertThat(answers.stream().map(answer -> answer.text("refresh_token")).distinct())
                .hasSize(1);
        assertThat(generationOf(first)).isEqualTo(2);
    }

    @Test
    void cutsAThiefInLockStepOffAtTheFifthRenewal(CapturedOutput log) {
        SignedIn ada = people.signIn();
        String owner = oauth.tokens(ada).text("refresh_token");
        String thief = owner;
        int renewals = 0;

        while (true) {
            owner = next(owner);
            pass(Duration.ofSeconds(31));
            Answer answer = oauth.refresh(thief);
            if (answer.status() != 200) {
                break;
            }
            thief = answer.text("refresh_token");
            renewals++;
            pass(Duration.ofMinutes(5));
        }

        assertThat(renewals).isEqualTo(4);
        assertThat(reasonOf(ada)).isEqualTo("lock_step");
        assertThat(log)
                .contains("Two parties hold refresh tokens of one sign-in: its family was ended (lock_step)")
                .doesNotContain(owner, thief);
        assertThat(oauth.refresh(owner).text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void endsAfterFourteenIdleDaysAndInAnyCaseAfterThirty() {
        String idle = oauth.tokens(people.signIn()).text("refresh_token");
        String busy = oauth.tokens(people.signIn()).text("refresh_token");

        pass(Duration.ofDays(13));
        busy = next(busy);
        pass(Duration.ofDays(2));

        assertThat(oauth.refresh(idle).text("error")).isEqualTo("invalid_grant");
        busy = next(busy);
        pass(Duration.ofDays(13));
        busy = next(busy);
        pass(Duration.ofDays(3));
        assertThat(oauth.refresh(busy).text("error"))
                .as("31 days after the sign-in")
                .isEqualTo("invalid_grant");
    }

    @Test
    void isNotExtendedByAReplay() {
        String first = oauth.tokens(people.signIn()).text("refresh_token");
        String second = next(first);

        pass(Duration.ofDays(13));
        assertThat(next(first)).isEqualTo(second);
        pass(Duration.ofDays(2));

        assertThat(oauth.refresh(second).text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void refusesADisabledUserAndAnEndedFamily() {
        SignedIn disabled = people.signIn();
        String ofDisabled = oauth.tokens(disabled).text("refresh_token");
        SignedIn signedOut = people.signIn();
        String ofSignedOut = oauth.tokens(signedOut).text("refresh_token");

        people.disable(disabled.userId());
        assertThat(families.endOfSession(signedOut.sid(), "sign_out")).isEqualTo(1);

        assertThat(oauth.refresh(ofDisabled).text("error")).isEqualTo("invalid_grant");
        assertThat(oauth.refresh(ofSignedOut).text("error")).isEqualTo("invalid_grant");
        assertThat(families.endOfUser(signedOut.userId(), "disabled")).isZero();
    }

    @Test
    void refusesForgedAndForeignTokensWithProof() {
        String token = oauth.tokens(people.signIn()).text("refresh_token");
        char last = token.charAt(token.length() - 2);
        String forged =
                token.substring(0, token.length() - 2) + (last == 'A' ? 'B' : 'A') + token.charAt(token.length() - 1);

        assertThat(oauth.refresh(forged).text("error")).isEqualTo("invalid_grant");
        assertThat(oauth.refresh(token.replaceFirst("\\.1\\.", ".2.")).text("error"))
                .isEqualTo("invalid_grant");
        assertThat(oauth.refresh("rubbish").text("error")).isEqualTo("invalid_grant");
        assertThat(oauth.publicToken(Map.of("grant_type", "refresh_token", "refresh_token", token))
                        .text("error"))
                .as("another client's")
                .isEqualTo("invalid_grant");
        assertThat(oauth.refresh(token).status()).as("untouched by all that").isEqualTo(200);
    }

    @Test
    void answersAnUnknownMacKeyWithTroubleOfOursAndNotWithAVerdict() {
        String token = oauth.tokens(people.signIn()).text("refresh_token");

        Answer answer = oauth.refresh(token.replaceFirst("m[0-9a-f]{8}", "m00000000"));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("error")).isEqualTo("temporarily_unavailable");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 10);
    }

    @Test
    void narrowsScopesOnRequestAndNeverWidensThem() {
        SignedIn ada = people.signIn();
        Map<String, String> request = oauth.authorizationRequest();
        request.put("scope", "tasks:read tasks:write");
        Answer first = TestOAuth.requireOk(oauth.exchange(
                oauth.authorize(request, ada.cookie()).redirectParameters().get("code")));
        assertThat(first.json()).doesNotContainKey("id_token");

        Answer narrow = oauth.token(
                "gateway",
                Map.of(
                        "grant_type",
                        "refresh_token",
                        "refresh_token",
                        first.text("refresh_token"),
                        "scope",
                        "tasks:read"));

        assertThat(TestOAuth.claims(narrow.text("access_token"))).containsEntry("scope", "tasks:read");
        Answer wide = oauth.token(
                "gateway",
                Map.of(
                        "grant_type",
                        "refresh_token",
                        "refresh_token",
                        narrow.text("refresh_token"),
                        "scope",
                        "openid"));
        assertThat(wide.text("error")).isEqualTo("invalid_scope");
        assertThat(TestOAuth.claims(next(oauth.refresh(narrow.text("refresh_token")))))
                .containsEntry("scope", "tasks:read tasks:write");
    }

    @Test
    void tellsInTheIdTokenOnlyWhatTheNarrowedScopesAllow() {
        String token = oauth.tokens(people.signIn()).text("refresh_token");

        Answer narrow = TestOAuth.requireOk(oauth.token(
                "gateway", Map.of("grant_type", "refresh_token", "refresh_token", token, "scope", "openid profile")));

        assertThat(TestOAuth.claims(narrow.text("id_token")))
                .containsKey("name")
                .doesNotContainKey("email");
    }

    @Test
    void aScopeTakenOutOfTheClientsFileIsGoneAtTheNextRenewal() throws Exception {
        Path file = deployment.clientsFolder().resolve("gateway.yaml");
        String before = Files.readString(file);
        String token = oauth.tokens(people.signIn()).text("refresh_token");
        try {
            deployment.write("gateway", before.replace(", \"tasks:write\"", ""));
            Eventually.within(
                    Duration.ofSeconds(10),
                    "the file was taken over",
                    () -> !clients.find("gateway").orElseThrow().scopes().contains("tasks:write"));

            assertThat(oauth.refresh(token).text("scope")).isEqualTo("email openid profile tasks:read");

            deployment.write("gateway", before.replaceFirst("scopes: \\[.*]", "scopes: [\"google:token\"]"));
            Eventually.within(
                    Duration.ofSeconds(10),
                    "the file was taken over",
                    () -> clients.find("gateway").orElseThrow().scopes().equals(Set.of("google:token")));
            assertThat(oauth.refresh(token).text("error")).isEqualTo("invalid_scope");
        } finally {
            deployment.write("gateway", before);
            Eventually.within(
                    Duration.ofSeconds(10),
                    "the file is as before",
                    () -> clients.find("gateway").orElseThrow().scopes().contains("tasks:write"));
        }
        assertThat(oauth.refresh(token).status()).as("nothing was lost by it").isEqualTo(200);
    }

    @Test
    void givesPublicClientsTheThirtySecondsOnly() {
        String first = publicTokens(people.signIn()).text("refresh_token");
        String second = publicNext(first).text("refresh_token");

        assertThat(publicNext(first).text("refresh_token")).isEqualTo(second);
        pass(Duration.ofSeconds(31));

        assertThat(publicNext(first).text("error")).isEqualTo("invalid_grant");
        assertThat(publicNext(second).text("error")).as("reuse ended it").isEqualTo("invalid_grant");
    }

    @Test
    void revokesAFamilyByAnyOfItsTokens() {
        SignedIn ada = people.signIn();
        String first = oauth.tokens(ada).text("refresh_token");
        String second = next(first);

        assertThat(revoke(first).status()).isEqualTo(200);

        assertThat(oauth.refresh(second).text("error")).isEqualTo("invalid_grant");
        assertThat(reasonOf(ada)).isEqualTo("revoked_by_client");
        assertThat(revoke(first).status()).as("idempotent").isEqualTo(200);
        assertThat(revoke("rubbish").status()).isEqualTo(200);
    }

    @Test
    void doesNotPretendToRevokeAccessTokens() {
        String access = oauth.tokens(people.signIn()).text("access_token");

        assertThat(revoke(access).text("error")).isEqualTo("unsupported_token_type");
    }

    private Answer revoke(String token) {
        return oauth.post(
                "/auth/oauth2/revoke",
                Map.of(
                        "token",
                        token,
                        "client_assertion_type",
                        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                        "client_assertion",
                        oauth.assertion("gateway")));
    }

    private Answer publicTokens(SignedIn user) {
        String redirect = "http://127.0.0.1:53211/callback";
        Map<String, String> request = oauth.authorizationRequest();
        request.put("client_id", "firebreak-cli");
        request.put("redirect_uri", redirect);
        String code =
                oauth.authorize(request, user.cookie()).redirectParameters().get("code");
        return TestOAuth.requireOk(oauth.publicToken(Map.of(
                "grant_type",
                "authorization_code",
                "code",
                code,
                "redirect_uri",
                redirect,
                "code_verifier",
                TestOAuth.VERIFIER)));
    }

    private Answer publicNext(String token) {
        return oauth.publicToken(Map.of("grant_type", "refresh_token", "refresh_token", token));
    }

    private String next(String token) {
        return next(oauth.refresh(token), "refresh_token");
    }

    private static String next(Answer answer) {
        return next(answer, "access_token");
    }

    private static String next(Answer answer, String member) {
        return TestOAuth.requireOk(answer).text(member);
    }

    private String reasonOf(SignedIn user) {
        return jdbc.sql("SELECT revoked_reason FROM refresh_family WHERE sid = :sid")
                .param("sid", user.sid())
                .query(String.class)
                .single();
    }

    private long generationOf(String token) {
        return jdbc.sql("SELECT generation FROM refresh_family WHERE id = CAST(:id AS uuid)")
                .param("id", token.split("\\.")[2])
                .query(Long.class)
                .single();
    }
}
