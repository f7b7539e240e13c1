package dev.firebreak.auth.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestBrowser;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople.SignedIn;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.audit.Subject;
import dev.firebreak.auth.ratelimit.OrderLimits;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.Verdict;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

class UsersControllerIT extends ServerIT {
    static final String USERS = "/auth/internal/v1/ops/users";
    static final String PASSWORD = "correct horse battery";

    @Autowired
    TokenVerifier verifier;

    @Autowired
    OrderLimits limits;

    @Autowired
    Journal journal;

    @Value("${local.server.port}")
    int port;

    @BeforeEach
    void noOperators() {
        jdbc.sql("UPDATE user_account SET role = 'user' WHERE role = 'operator'")
                .update();
    }

    Answer order(String method, String path, String json) {
        return order(method, path, json, "operator-cli");
    }

    Answer order(String method, String path, String json, String client) {
        HttpRequest.BodyPublisher body =
                json.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json);
        return oauth.send(oauth.internal(USERS + path, client)
                .header("Content-Type", "application/json")
                .method(method, body));
    }

    Answer create(String email, String role) {
        return order("POST", "", """
                {"email":"%s","name":"Alice","password":"%s","role":"%s","demo":false}
                """.formatted(email, PASSWORD, role));
    }

    static String newEmail() {
        return UUID.randomUUID() + "@example.com";
    }

    static String encoded(String email) {
        return "/" + URLEncoder.encode(email, StandardCharsets.UTF_8);
    }

    @Test
    void makesAUserWhoCanSignIn() {
        String email = newEmail();

        Answer created = create(email, "user");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json())
                .containsEntry("email", email)
                .containsEntry("name", "Alice")
                .containsEntry("role", "user")
                .containsEntry("disabled", false)
                .containsEntry("demo", false)
                .containsOnlyKeys("id", "email", "name", "role", "disabled", "demo", "created_at");
        assertThat(created.text("created_at")).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        assertThat(new TestBrowser(port).signIn(email, PASSWORD).status()).isEqualTo(303);
    }

    @Test
    void theJournalTellsOfEveryOrderOnceWithWhoAndWhy() {
        String email = newEmail();
        String id = order("POST", "", """
                {"email":"%s","name":"Alice","password":"%s","role":"user","reason":"joined"}
                """.formatted(email, PASSWORD)).text("id");
        order("POST", "/" + id + "/disable", "{\"reason\":\"lost her phone\"}");
        order("POST", "/" + id + "/disable", "{\"reason\":\"again, to be sure\"}");
        order("POST", "/" + id + "/enable", "");
        order("POST", "/" + id + "/enable", "");
        order("PUT", "/" + id + "/role", "{\"role\":\"operator\",\"reason\":\"on call\"}");
        order("PUT", "/" + id + "/role", "{\"role\":\"operator\",\"reason\":\"on call\"}");

        assertThat(told(id))
                .containsExactly(
                        "create null -> user: joined",
                        "disable active -> disabled: lost her phone",
                        "enable disabled -> active: no reason given",
                        "change-role user -> operator: on call");
        assertThat(journal.after(0, 100_000).toString())
                .as("of people it keeps ids, for nobody may take a name out")
                .doesNotContain(email, "Alice", PASSWORD);
        assertThat(journal.after(0, 100_000))
                .filteredOn(entry -> entry.subject().id().equals(id))
                .allSatisfy(entry -> assertThat(entry.actor()).isEqualTo("client operator-cli/operator-cli-test"));
        assertThat(journal.verify().brokenAt()).isNull();
    }

    @Test
    void anOrderThatFailsLeavesNoLineAndOneWithoutALineFails() {
        String email = newEmail();
        String id = create(email, "operator").text("id");
        List<String> before = told(id);
        long rows = journal.head().seq();

        assertThat(create(email, "user").text("code")).isEqualTo("user.email_taken");
        assertThat(order("POST", "/" + id + "/disable", "").text("code")).isEqualTo("user.last_operator");
        assertThat(order("POST", "/" + UUID.randomUUID() + "/disable", "").status())
                .isEqualTo(404);
        assertThat(journal.head().seq()).isEqualTo(rows);

        create(newEmail(), "operator");
        jdbc.sql("ALTER TABLE journal ADD CONSTRAINT full_up CHECK (action <> 'disable') NOT VALID")
                .update();
        try {
            assertThat(order("POST", "/" + id + "/disable", "").status()).isGreaterThanOrEqualTo(500);
        } finally {
            jdbc.sql("ALTER TABLE journal DROP CONSTRAINT full_up").update();
        }

        assertThat(told(id)).isEqualTo(before);
        assertThat(jdbc.sql("SELECT disabled_at IS NULL FROM user_account WHERE id = CAST(:id AS uuid)")
                        .param("id", id)
                        .query(Boolean.class)
                        .single())
                .isTrue();
        assertThat(jdbc.sql("SELECT count(*) FROM revocation WHERE value = :id")
                        .param("id", id)
                        .query(Long.class)
                        .single())
                .as("nor was anything taken back")
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"reason\":\"a\\nforged line\"}", "{\"reason\":\" \"}"})
    void aReasonIsOneLine(String body) {
        String id = create(newEmail(), "user").text("id");

        Answer refused = order("POST", "/" + id + "/disable", body);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("violations")).contains("/reason");
    }

    List<String> told(String id) {
        return journal.after(0, 100_000, Set.of(Subject.USER)).stream()
                .filter(entry -> entry.subject().id().equals(id))
                .map(entry ->
                        "%s %s -> %s: %s".formatted(entry.action(), entry.before(), entry.after(), entry.reason()))
                .toList();
    }

    @Test
    void refusesASecondUserOfTheSameAddress() {
        String email = newEmail();
        create(email, "user");

        Answer second = create(email.toUpperCase(java.util.Locale.ROOT), "user");

        assertThat(second.status()).isEqualTo(409);
        assertThat(second.text("code")).isEqualTo("user.email_taken");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"email\":\"x\",\"name\":\"A\",\"password\":\"12345678\",\"role\":\"user\"} | /email",
                "{\"email\":\"a@b\",\"name\":\"\",\"password\":\"12345678\",\"role\":\"user\"} | /name",
                "{\"email\":\"a@b\",\"name\":\"A\",\"password\":\"1234567\",\"role\":\"user\"} | /password",
                "{\"email\":\"a@b\",\"name\":\"A\",\"password\":\"12345678\",\"role\":\"king\"} | /role",
                "{\"email\":\"a@b\",\"name\":\"A\",\"password\":\"12345678\"} | /role"
            })
    void namesWhatIsWrongWithAUser(String json, String field) {
        Answer refused = order("POST", "", json);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("code")).isEqualTo("request.invalid");
        assertThat(refused.text("violations")).contains(field);
        assertThat(refused.raw().body()).doesNotContain("12345678");
    }

    @Test
    void listsEverybodyOnceInPages() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(newEmail());
            create(made.getLast(), "user");
        }

        List<String> listed = new ArrayList<>();
        String next = "";
        do {
            Answer page = order("GET", "?limit=2&after=" + next, "");
            assertThat(page.status()).isEqualTo(200);
            List<?> users = (List<?>) page.json().get("users");
            assertThat(users).hasSizeBetween(1, 2);
            users.forEach(user -> listed.add(String.valueOf(((Map<?, ?>) user).get("email"))));
            next = page.json().get("next") == null ? "" : page.text("next");
        } while (!next.isEmpty());

        assertThat(listed).containsAll(made).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void refusesACursorOrLimitThatIsNone() {
        assertThat(order("GET", "?after=*", "").text("code")).isEqualTo("request.invalid");
        assertThat(order("GET", "?limit=0", "").text("code")).isEqualTo("request.invalid");
        assertThat(order("GET", "?limit=501", "").text("code")).isEqualTo("request.invalid");
    }

    @Test
    void disablingEndsEverythingThatTheUserHasAndEnablingLetsThemBeginAnew() {
        String email = newEmail();
        String id = create(email, "user").text("id");
        TestBrowser browser = new TestBrowser(port);
        browser.signIn(email, PASSWORD);
        String authorize = "/auth/oauth2/authorize?" + TestOAuth.form(oauth.authorizationRequest());
        String code = browser.get(authorize).header("Location").replaceFirst(".*[?&]code=([^&]+).*", "$1");
        String refreshToken = TestOAuth.requireOk(oauth.exchange(code)).text("refresh_token");

        Answer disabled = order("POST", encoded(email) + "/disable", "");

        assertThat(disabled.status()).isEqualTo(200);
        assertThat(disabled.json()).containsEntry("disabled", true).containsEntry("id", id);
        assertThat(oauth.refresh(refreshToken).text("error")).isEqualTo("invalid_grant");
        assertThat(browser.get(authorize).location()).isEqualTo("/auth/login");
        assertThat(new TestBrowser(port).signIn(email, PASSWORD).status()).isEqualTo(403);
        assertThat(revocationsOf(id)).isEqualTo(1);
        assertThat(jdbc.sql("SELECT end_reason FROM sso_session WHERE user_id = :id")
                        .param("id", UUID.fromString(id))
                        .query(String.class)
                        .list())
                .containsExactly("disabled");

        assertThat(order("POST", "/" + id + "/disable", "").status()).isEqualTo(200);
        assertThat(revocationsOf(id)).isEqualTo(1);
        assertThat(order("POST", "/" + id + "/enable", "").json()).containsEntry("disabled", false);
        assertThat(browser.get(authorize).location()).isEqualTo("/auth/login");
        assertThat(oauth.refresh(refreshToken).text("error")).isEqualTo("invalid_grant");
        assertThat(browser.signIn(email, PASSWORD).status()).isEqualTo(303);
    }

    @Test
    void anotherRoleReachesTokensAtTheNextRenewalAndTakesTheOldOnesBack() {
        String email = newEmail();
        String id = create(email, "user").text("id");
        TestBrowser browser = new TestBrowser(port);
        browser.signIn(email, PASSWORD);
        String code = browser.get("/auth/oauth2/authorize?" + TestOAuth.form(oauth.authorizationRequest()))
                .header("Location")
                .replaceFirst(".*[?&]code=([^&]+).*", "$1");
        Answer tokens = TestOAuth.requireOk(oauth.exchange(code));

        Answer changed = order("PUT", encoded(email) + "/role", "{\"role\":\"operator\"}");

        assertThat(changed.json()).containsEntry("role", "operator");
        assertThat(revocationsOf(id)).isEqualTo(1);
        clock.advance(Duration.ofSeconds(1));
        Answer renewed = TestOAuth.requireOk(oauth.refresh(tokens.text("refresh_token")));
        assertThat(TestOAuth.claims(renewed.text("access_token")).get("roles")).isEqualTo(List.of("operator"));
    }

    @Test
    void disablingReachesTokensOfANodeWhoseClockIsAhead() {
        SignedIn ada = people.signIn();
        String token = tokenOfANodeAhead(ada);

        assertThat(order("POST", "/" + ada.userId() + "/disable", "").status()).isEqualTo(200);

        awaitRefused(token);
    }

    @Test
    void takingARoleAwayReachesTokensOfANodeWhoseClockIsAhead() {
        create(newEmail(), "operator");
        SignedIn ada = people.signIn("operator");
        String token = tokenOfANodeAhead(ada);

        assertThat(order("PUT", "/" + ada.userId() + "/role", "{\"role\":\"user\"}")
                        .status())
                .isEqualTo(200);

        awaitRefused(token);
        pass(Lifetimes.CLOCK_SKEW.plusSeconds(1));
        assertThat(verifier.verify(oauth.tokens(ada).text("access_token"))).isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void givingARoleLeavesNoTimeWithoutAToken() {
        SignedIn ada = people.signIn("user");
        order("PUT", "/" + ada.userId() + "/role", "{\"role\":\"operator\"}");
        clock.advance(Duration.ofSeconds(1));

        String token = oauth.tokens(ada).text("access_token");

        assertThat(verifier.verify(token)).isInstanceOf(Verdict.Accepted.class);
    }

    /** The clock of the node that gives the order stands 20 s behind the one that made the token. */
    private String tokenOfANodeAhead(SignedIn user) {
        Duration ahead = Duration.ofSeconds(20);
        clock.advance(ahead);
        String token = oauth.tokens(user).text("access_token");
        clock.advance(ahead.negated());
        assertThat(verifier.verify(token)).isInstanceOf(Verdict.Accepted.class);
        return token;
    }

    private void awaitRefused(String token) {
        Eventually.within(
                Duration.ofSeconds(10),
                "the token is refused",
                () -> verifier.verify(token) instanceof Verdict.Refused refused
                        && refused.reason() == AuthError.TOKEN_REVOKED);
    }

    @Test
    void theLastActiveOperatorCannotBeTakenAway() {
        String id = create(newEmail(), "operator").text("id");

        assertThat(order("POST", "/" + id + "/disable", "").text("code")).isEqualTo("user.last_operator");
        Answer demoted = order("PUT", "/" + id + "/role", "{\"role\":\"user\"}");
        assertThat(demoted.status()).isEqualTo(409);
        assertThat(demoted.text("code")).isEqualTo("user.last_operator");
        assertThat(revocationsOf(id)).isZero();

        create(newEmail(), "operator");
        assertThat(order("POST", "/" + id + "/disable", "").status()).isEqualTo(200);
    }

    @Test
    void refusesOrdersOfAClientThatHasRunWild() {
        Eventually.within(Duration.ofSeconds(10), "refused", () -> {
            spendAllOrders("wild-cli/wild-cli-test");
            Answer answer = order("GET", "?limit=1", "", "wild-cli");
            return answer.status() == 429 && answer.text("code").equals("rate.limited");
        });
        assertThat(order("GET", "?limit=1", "").status()).as("another client's").isEqualTo(200);
    }

    private void spendAllOrders(String caller) {
        assertThatExceptionOfType(ServiceException.class).isThrownBy(() -> {
            for (int i = 0; i < 10_000; i++) {
                limits.require(caller);
            }
        });
    }

    @Test
    void saysThatAUserDoesNotExist() {
        assertThat(order("POST", "/" + UUID.randomUUID() + "/disable", "").text("code"))
                .isEqualTo("user.not_found");
        assertThat(order("POST", encoded(newEmail()) + "/enable", "").status()).isEqualTo(404);
    }

    @Test
    void answersOnlyClientsWhoseFileAllowsItAndOnlyOnTheInternalFace() {
        assertThat(order("GET", "", "", "task-service").text("code")).isEqualTo("auth.client_forbidden");
        assertThat(oauth.send(HttpRequest.newBuilder(java.net.URI.create(oauth.internalUrl(USERS))))
                        .status())
                .isEqualTo(401);
        assertThat(oauth.send(oauth.get(USERS).header("Authorization", "Bearer " + oauth.assertion("operator-cli")))
                        .status())
                .isEqualTo(404);
    }

    long revocationsOf(String id) {
        return jdbc.sql("SELECT count(*) FROM revocation WHERE kind = 'sub' AND value = :id")
                .param("id", id)
                .query(Long.class)
                .single();
    }
}
