package dev.firebreak.auth.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestBrowser;
import dev.firebreak.auth.TestBrowser.Page;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople.SignedIn;
import dev.firebreak.auth.connect.FakeGoogle.Person;
import dev.firebreak.auth.platform.Loop;
import dev.firebreak.auth.vault.GoogleService;
import dev.firebreak.starter.test.Eventually;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A browser on its way to Google and back, and the list of what came of it. */
class ConnectIT extends ServerIT {
    static final FakeGoogle GOOGLE = FakeGoogle.start();
    static final String API = "/auth/api/v1/connections";
    static final String CALLBACK = "/auth/connect/google/callback";
    static final String EVENTS = "https://www.googleapis.com/auth/calendar.events";

    @DynamicPropertySource
    static void google(DynamicPropertyRegistry registry) {
        GOOGLE.configure(registry);
    }

    @Value("${local.server.port}")
    int port;

    @Autowired
    @Qualifier("googleRevocationLoop")
    Loop revocations;

    SignedIn ada;
    TestBrowser browser;
    String token;
    Person person;

    @BeforeEach
    void adaIsSignedIn() {
        GOOGLE.reset();
        ada = people.signIn();
        browser = browserOf(ada);
        token = oauth.tokens(ada).text("access_token");
        person = Person.fresh();
    }

    TestBrowser browserOf(SignedIn user) {
        TestBrowser fresh = new TestBrowser(port);
        fresh.setCookie("firebreak-sso", user.cookie());
        return fresh;
    }

    static String start(String service) {
        return "/auth/connect/google?service=" + service;
    }

    /** The address at Google that this step leads to. */
    static String google(Page page) {
        assertThat(page.status()).as(page.body()).isEqualTo(303);
        assertThat(page.location()).startsWith(GOOGLE.url("/authorize?"));
        return page.location();
    }

    static Map<String, String> asked(String authorization) {
        return FakeGoogle.query(URI.create(authorization).getRawQuery());
    }

    Page comeBack(TestBrowser from, String query) {
        return from.get(CALLBACK + "?" + query);
    }

    /** Connects a service; answers the id of the connection. */
    String connect(String service) {
        return connect(browser, start(service), person);
    }

    String connect(TestBrowser from, String path, Person who) {
        return connected(comeBack(from, GOOGLE.allow(google(from.get(path)), who)));
    }

    static String connected(Page page) {
        String prefix = TestDeployment.ORIGIN + "/connections?connected=";
        assertThat(page.location()).as(page.status() + page.body()).startsWith(prefix);
        return page.location().substring(prefix.length());
    }

    Answer list(String bearer) {
        return oauth.send(oauth.get(API).header("Authorization", "Bearer " + bearer));
    }

    @SuppressWarnings("unchecked")
    List<Map<String, Object>> connections(String service) {
        return ((List<Map<String, Object>>) list(token).json().get("services"))
                .stream()
                        .filter(it -> it.get("service").equals(service))
                        .flatMap(it -> ((List<Map<String, Object>>) it.get("connections")).stream())
                        .toList();
    }

    @SuppressWarnings("unchecked")
    List<Map<String, Object>> accounts() {
        return (List<Map<String, Object>>) list(token).json().get("accounts");
    }

    Map<String, Object> only(String service) {
        assertThat(connections(service)).hasSize(1);
        return connections(service).getFirst();
    }

    Answer disconnect(Object id) {
        return oauth.send(HttpRequest.newBuilder(URI.create(oauth.main(API + "/" + id)))
                .header("Authorization", "Bearer " + token)
                .DELETE());
    }

    Answer put(Object id, String bearer, String body) {
        return oauth.send(HttpRequest.newBuilder(URI.create(oauth.main(API + "/" + id)))
                .header("Authorization", "Bearer " + bearer)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    Map<String, Object> grantRow() {
        return jdbc.sql("SELECT * FROM google_account_grant WHERE user_id = :user AND google_sub = :sub")
                .param("user", ada.userId())
                .param("sub", person.sub())
                .query()
                .singleRow();
    }

    long rowsOf(SignedIn user) {
        return jdbc.sql("""
                SELECT (SELECT count(*) FROM google_account_grant WHERE user_id = :user)
                     + (SELECT count(*) FROM user_oauth_tokens WHERE user_id = :user)
                """).param("user", user.userId()).query(Long.class).single();
    }

    void breakGrant() {
        jdbc.sql("""
                UPDATE google_account_grant SET state = 'needs_reconnect', reason = 'invalid_grant'
                 WHERE user_id = :user AND google_sub = :sub
                """).param("user", ada.userId()).param("sub", person.sub()).update();
    }

    void assertPage(Page page, int status, String code) {
        assertThat(page.status()).as(page.body()).isEqualTo(status);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("Cache-Control")).contains("no-store");
        assertThat(page.body()).contains("<code>" + code + "</code>", "Who must act");
    }

    @Test
    void asksForTheScopesOfOneServiceAndStoresWhatGoogleGives() {
        Page begin = browser.get(start("calendar"));

        Map<String, String> asked = asked(google(begin));
        assertThat(asked)
                .containsEntry("scope", "email " + EVENTS + " openid")
                .containsEntry("access_type", "offline")
                .containsEntry("include_granted_scopes", "true")
                .containsEntry("prompt", "consent")
                .containsEntry("code_challenge_method", "S256")
                .containsEntry("redirect_uri", TestDeployment.ORIGIN + CALLBACK)
                .doesNotContainKey("login_hint");
        assertThat(asked.get("state")).hasSizeGreaterThanOrEqualTo(43);
        assertThat(begin.response().headers().allValues("Set-Cookie"))
                .anySatisfy(cookie -> assertThat(cookie)
                        .startsWith("firebreak-connect=v1.")
                        .contains("Path=/auth/connect", "HttpOnly", "SameSite=Lax", "Max-Age=")
                        .doesNotContain(asked.get("state")));

        String id = connected(comeBack(browser, GOOGLE.allow(begin.location(), person)));

        assertThat(only("calendar"))
                .containsEntry("id", id)
                .containsEntry("email", person.email())
                .containsEntry("status", "works")
                .containsEntry("offline", false)
                .containsEntry("missing", List.of());
        assertThat(connections("gmail")).isEmpty();
        assertThat(browser.cookie("firebreak-connect")).isNull();
        assertThat(grantRow()).containsEntry("state", "active").containsEntry("token_version", 1L);
        assertThat(list(token).header("Cache-Control")).contains("no-store");
    }

    @Test
    void keepsNoTokenInTheClear() {
        connect("calendar");

        String rows =
                jdbc.sql("""
                SELECT string_agg(g::text || t::text || encode(g.sealed_refresh_token, 'escape'), ' ')
                  FROM google_account_grant g JOIN user_oauth_tokens t ON t.grant_id = g.id
                 WHERE g.user_id = :user
                """).param("user", ada.userId()).query(String.class).single();
        String answer = list(token).raw().body();

        assertThat(GOOGLE.everyToken()).isNotEmpty().allSatisfy(secret -> {
            assertThat(rows).doesNotContain(secret);
            assertThat(answer).doesNotContain(secret);
        });
        assertThat(jdbc.sql(
                                "SELECT count(*) FROM user_oauth_tokens WHERE sealed_access_token IS NOT NULL AND user_id = :user")
                        .param("user", ada.userId())
                        .query(Long.class)
                        .single())
                .as("the token of the exchange opens more than one service")
                .isZero();
    }

    @Test
    void asksForConsentAnewOnlyWhereThereIsNoRefreshToken() {
        connect("calendar");
        String account = String.valueOf(accounts().getFirst().get("id"));

        Page begin = browser.get(start("tasks") + "&account=" + account);

        assertThat(asked(google(begin)))
                .doesNotContainKey("prompt")
                .containsEntry("login_hint", person.email())
                .containsEntry("scope", "email https://www.googleapis.com/auth/tasks openid");
        connected(comeBack(browser, GOOGLE.allow(begin.location(), person)));
        assertThat(only("tasks")).containsEntry("status", "works");
        assertThat(only("calendar")).containsEntry("status", "works");
        assertThat(grantRow()).containsEntry("token_version", 1L).containsEntry("version", 2L);
        assertThat(String.valueOf(grantRow().get("scopes"))).contains(EVENTS, "/auth/tasks");
    }

    @Test
    void goesOnceMoreWithConsentIfGoogleGaveNoRefreshToken() {
        // Somebody else here has connected the same account, so Google does not give one unasked.
        SignedIn bob = people.signIn();
        connect(browserOf(bob), start("calendar"), person);
        connect(browser, start("calendar"), Person.fresh());

        Page first = browser.get(start("calendar"));
        assertThat(asked(google(first))).containsEntry("prompt", "select_account");
        Page again = comeBack(browser, GOOGLE.allow(first.location(), person));

        assertThat(asked(google(again))).containsEntry("prompt", "consent").containsEntry("login_hint", person.email());
        assertThat(asked(again.location()).get("state"))
                .isNotEqualTo(asked(first.location()).get("state"));
        connected(comeBack(browser, GOOGLE.allow(again.location(), person)));
        assertThat(connections("calendar")).hasSize(2);
    }

    @Test
    void saysSoIfGoogleGivesNoLastingAccessAtAll() {
        GOOGLE.giveNoLastingAccess();

        Page page = comeBack(browser, GOOGLE.allow(google(browser.get(start("calendar"))), person));

        assertPage(page, 409, "connection.no_lasting_access");
        assertThat(rowsOf(ada)).isZero();
    }

    @Test
    void explainsWhatTheUserDidNotAllow() {
        Page begin = browser.get(start("calendar"));

        connected(comeBack(browser, GOOGLE.allow(google(begin), person, Set.of(EVENTS))));

        assertThat(only("calendar"))
                .containsEntry("status", "reconnect needed")
                .containsEntry("missing", List.of(EVENTS));
        assertThat(String.valueOf(only("calendar").get("says"))).startsWith("You did not allow Firebreak to");

        connect(browser, start("calendar") + "&account=" + accounts().getFirst().get("id"), person);
        assertThat(only("calendar")).containsEntry("status", "works").containsEntry("missing", List.of());
    }

    @Test
    void connectsSeveralAccountsOfOneUser() {
        Person other = Person.fresh();
        connect("calendar");
        connect(browser, start("calendar"), other);

        assertThat(connections("calendar"))
                .extracting(it -> it.get("email"))
                .containsExactly(person.email(), other.email());
        assertThat(accounts()).extracting(it -> it.get("email")).containsExactly(person.email(), other.email());
    }

    @Test
    void reconnectingReplacesTheRefreshTokenAndMendsEveryService() {
        connect("calendar");
        connect(browser, start("tasks") + "&account=" + accounts().getFirst().get("id"), person);
        String before = GOOGLE.lastRefreshToken();
        breakGrant();
        assertThat(only("tasks")).containsEntry("status", "reconnect needed");
        assertThat(String.valueOf(only("tasks").get("says"))).contains("Connect it again");

        Page begin = browser.get(
                start("calendar") + "&account=" + accounts().getFirst().get("id"));
        assertThat(asked(google(begin))).containsEntry("prompt", "consent").containsEntry("login_hint", person.email());
        connected(comeBack(browser, GOOGLE.allow(begin.location(), person)));

        assertThat(GOOGLE.lastRefreshToken()).isNotEqualTo(before);
        assertThat(only("calendar")).containsEntry("status", "works");
        assertThat(only("tasks")).containsEntry("status", "works");
        assertThat(grantRow()).containsEntry("token_version", 2L).containsEntry("state", "active");
        assertThat(grantRow().get("reason")).isNull();
    }

    @Test
    void refusesAnotherAccountThanTheOneThatWasMeant() {
        connect("calendar");
        Page begin =
                browser.get(start("tasks") + "&account=" + accounts().getFirst().get("id"));

        Page page = comeBack(browser, GOOGLE.allow(google(begin), Person.fresh()));

        assertPage(page, 409, "connection.other_account");
        assertThat(accounts()).hasSize(1);
        assertThat(connections("tasks")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "access_denied, 403, connection.denied, You: ",
        "admin_policy_enforced, 403, connection.admin_policy, You: ",
        "org_internal, 403, connection.organisation_only, An operator",
        "disallowed_useragent, 403, connection.browser_refused, You: ",
        "invalid_scope, 409, connection.scope_refused, An operator",
        "redirect_uri_mismatch, 409, connection.misconfigured, An operator",
        "invalid_client, 409, connection.misconfigured, An operator",
        "rate_limit_exceeded, 503, connection.google_busy, Nobody: ",
        "temporarily_unavailable, 503, connection.google_busy, Nobody: ",
        "<script>, 409, connection.refused, An operator"
    })
    void hasAPageForWhatGoogleRefuses(String error, int status, String code, String who) {
        String way = google(browser.get(start("calendar")));

        Page page = comeBack(
                browser,
                FakeGoogle.refuse(way, java.net.URLEncoder.encode(error, java.nio.charset.StandardCharsets.UTF_8)));

        assertPage(page, status, code);
        assertThat(page.body()).contains(who, "href=\"/connections\"").doesNotContain("<script>");
        assertThat(rowsOf(ada)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "400, redirect_uri_mismatch, 409, connection.misconfigured",
        "401, invalid_client, 409, connection.misconfigured",
        "400, invalid_grant, 409, connection.code_refused",
        "400, something_new, 409, connection.misconfigured"
    })
    void hasAPageForWhatGoogleRefusesBehindTheScenes(int googleStatus, String error, int status, String code) {
        String answer = GOOGLE.allow(google(browser.get(start("calendar"))), person);
        GOOGLE.fail(googleStatus, error);

        assertPage(comeBack(browser, answer), status, code);
        assertThat(rowsOf(ada)).isZero();
        assertThat(browser.cookie("firebreak-connect")).isNull();
    }

    @Test
    void theSameAnswerMayBeBroughtAgainIfGoogleWasAway() {
        String answer = GOOGLE.allow(google(browser.get(start("calendar"))), person);
        GOOGLE.fail(500, "internal_failure");

        Page page = comeBack(browser, answer);
        assertPage(page, 503, "connection.google_busy");
        assertThat(page.header("Retry-After")).matches("[1-9]|10");
        GOOGLE.reset();

        connected(comeBack(browser, answer));
    }

    @Test
    void anAnswerCountsOnce() {
        String answer = GOOGLE.allow(google(browser.get(start("calendar"))), person);
        connected(comeBack(browser, answer));

        assertPage(comeBack(browser, answer), 403, "connection.attempt_unknown");
        assertThat(connections("calendar")).hasSize(1);
    }

    @Test
    void anAnswerInAnotherBrowserStoresNothing() {
        String answer = GOOGLE.allow(google(browser.get(start("calendar"))), person);
        SignedIn victim = people.signIn();
        TestBrowser withoutAttempt = browserOf(victim);
        TestBrowser otherAttempt = browserOf(victim);
        google(otherAttempt.get(start("calendar")));
        TestBrowser carried = browserOf(victim);
        carried.setCookie("firebreak-connect", browser.cookie("firebreak-connect"));
        TestBrowser otherSignIn = browserOf(people.signInAgain(ada.userId(), ada.email()));
        otherSignIn.setCookie("firebreak-connect", browser.cookie("firebreak-connect"));
        TestBrowser nobody = new TestBrowser(port);
        nobody.setCookie("firebreak-connect", browser.cookie("firebreak-connect"));

        for (TestBrowser other : List.of(withoutAttempt, otherAttempt, carried, otherSignIn, nobody)) {
            assertPage(comeBack(other, answer), 403, "connection.attempt_unknown");
        }

        assertThat(rowsOf(victim) + rowsOf(ada)).isZero();
        // And it was used up by none of them.
        connected(comeBack(browser, answer));
    }

    @Test
    void anAttemptEndsAfterTenMinutes() {
        String answer = GOOGLE.allow(google(browser.get(start("calendar"))), person);

        pass(Duration.ofMinutes(10));

        assertPage(comeBack(browser, answer), 403, "connection.attempt_unknown");
        assertThat(rowsOf(ada)).isZero();
    }

    @Test
    void beginsOnlyForWhoIsSignedInHereAndCameFromHere() {
        SignedIn other = people.signIn();

        Page stranger = new TestBrowser(port).get(start("calendar"));
        Page otherUser = browser.get(start("calendar") + "&user=" + other.userId());
        Page own = browser.get(start("calendar") + "&user=" + ada.userId());
        Page ledHere = browserOf(ada).saying("Sec-Fetch-Site", "cross-site").get(start("calendar"));
        Page unknown = browser.get(start("photos"));

        assertThat(stranger.status()).isEqualTo(303);
        assertThat(stranger.location()).isEqualTo(TestDeployment.ORIGIN + "/login?return_to=%2Fconnections");
        assertPage(otherUser, 409, "connection.other_user");
        google(own);
        assertPage(ledHere, 403, "csrf.refused");
        assertPage(unknown, 400, "request.invalid");
        assertPage(browser.get(start("calendar") + "&account=" + other.userId()), 404, "connection.not_found");
        assertPage(browser.get(start("calendar") + "&account=x"), 400, "request.invalid");
    }

    @Test
    void disconnectingEndsOurAccessAtGoogleOnlyWithTheLastServiceOfAnAccount() {
        connect("calendar");
        connect(browser, start("tasks") + "&account=" + accounts().getFirst().get("id"), person);
        assertThat(String.valueOf(only("calendar").get("disconnecting"))).contains("stays at Google");

        Answer first = disconnect(only("calendar").get("id"));
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.json()).containsEntry("ended_at_google", false);
        assertThat(GOOGLE.revoked()).isEmpty();
        assertThat(connections("calendar")).isEmpty();
        assertThat(String.valueOf(only("tasks").get("disconnecting"))).contains("ends at Google too");

        Object last = only("tasks").get("id");
        Answer second = disconnect(last);
        assertThat(second.json()).containsEntry("ended_at_google", true);
        assertThat(second.text("says")).contains("ended at Google too");
        assertThat(GOOGLE.revoked()).containsExactly(GOOGLE.lastRefreshToken());
        assertThat(accounts()).isEmpty();
        assertThat(grantRow().get("sealed_refresh_token")).isNull();
        assertThat(disconnect(last).text("code")).isEqualTo("connection.not_found");
    }

    @Test
    void goesOnAskingGoogleToEndWhatItDidNot() {
        connect("calendar");
        GOOGLE.fail(503, "backend_error");

        Answer done = disconnect(only("calendar").get("id"));

        assertThat(done.status()).isEqualTo(200);
        assertThat(done.json()).containsEntry("ended_at_google", false);
        assertThat(done.text("says")).contains("goes on asking Google");
        assertThat(accounts()).isEmpty();
        assertThat(grantRow().get("sealed_refresh_token")).isNotNull();

        GOOGLE.reset();
        clock.advance(Duration.ofMinutes(1));
        Eventually.within(Duration.ofSeconds(20), "Google was asked again", () -> {
            revocations.runSoon();
            return GOOGLE.revoked().contains(GOOGLE.lastRefreshToken());
        });
        pass(Duration.ofMinutes(11));
        Eventually.within(Duration.ofSeconds(20), "nothing is left", () -> {
            revocations.runSoon();
            return rowsOf(ada) == 0;
        });
    }

    @Test
    void whoConnectsAgainBeforeGoogleEndedItKeepsTheNewAccess() {
        connect("calendar");
        GOOGLE.fail(503, "backend_error");
        disconnect(only("calendar").get("id"));
        GOOGLE.reset();

        Page begin = browser.get(start("calendar"));
        assertThat(asked(google(begin))).containsEntry("prompt", "consent");
        connected(comeBack(browser, GOOGLE.allow(begin.location(), person)));

        assertThat(only("calendar")).containsEntry("status", "works");
        assertThat(grantRow()).containsEntry("state", "active").containsEntry("token_version", 2L);
    }

    @Test
    void leavesTheAccessOfAnotherUserToTheSameAccountAlone() {
        connect("calendar");
        SignedIn bob = people.signIn();
        TestBrowser bobs = browserOf(bob);
        connect(bobs, "/auth/connect/google?service=calendar", person);
        assertThat(String.valueOf(only("calendar").get("disconnecting"))).contains("stays at Google");

        Answer done = disconnect(only("calendar").get("id"));

        assertThat(done.json()).containsEntry("ended_at_google", false);
        assertThat(done.text("says")).contains("Somebody else");
        assertThat(GOOGLE.revoked()).isEmpty();
        assertThat(grantRow().get("sealed_refresh_token")).isNull();
    }

    @Test
    void switchesUseWhileAwayOnAndOff() {
        Object id = connect("calendar");

        assertThat(put(id, token, "{\"offline\":true}").json()).containsEntry("offline", true);
        assertThat(only("calendar")).containsEntry("offline", true);
        assertThat(put(id, token, "{\"offline\":false}").json()).containsEntry("offline", false);
        assertThat(put(id, token, "{}").text("code")).isEqualTo("request.invalid");
        assertThat(put("x", token, "{\"offline\":true}").status()).isEqualTo(400);
    }

    @Test
    void isForTheOwnerAlone() {
        Object id = connect("calendar");
        String other = oauth.tokens(people.signIn()).text("access_token");
        String service = oauth.token("demo-service", Map.of("grant_type", "client_credentials"))
                .text("access_token");

        Answer foreign = put(id, other, "{\"offline\":true}");
        Answer none = oauth.send(oauth.get(API));

        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign.text("code")).isEqualTo("connection.not_found");
        assertThat(list(other).raw().body()).doesNotContain(person.email());
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(list("rubbish").status()).isEqualTo(401);
        assertThat(list(service).text("code")).isEqualTo("auth.user_required");
        assertThat(only("calendar")).containsEntry("offline", false);
    }

    @Test
    void listsEveryServiceThereIs() {
        assertThat(list(token).json().get("services"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(GoogleService.values().length)
                .allSatisfy(it -> assertThat(String.valueOf(it)).contains("not connected"));
    }
}
