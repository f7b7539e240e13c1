package dev.firebreak.auth.reset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestBrowser;
import dev.firebreak.auth.TestBrowser.Page;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.sso.SsoSignIns;
import dev.firebreak.auth.user.NewPassword;
import dev.firebreak.auth.user.NewUser;
import dev.firebreak.auth.user.PasswordHash;
import dev.firebreak.auth.user.Passwords;
import dev.firebreak.auth.user.UserAccount;
import dev.firebreak.auth.user.Users;
import dev.firebreak.starter.test.Eventually;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A link to choose a password, from its opening to what it ends. */
class PasswordResetIT extends ServerIT {
    static final String OLD = "the password before";
    static final String NEW = "correct horse battery";

    @Autowired
    Users users;

    @Autowired
    Journal journal;

    @Autowired
    Passwords passwords;

    @Autowired
    SsoSignIns signIns;

    @Autowired
    PlatformTransactionManager transactions;

    @Value("${local.server.port}")
    int port;

    TestBrowser browser;
    UserAccount alice;
    String token;

    @BeforeEach
    void giveALink() {
        browser = new TestBrowser(port);
        alice = users.create(
                        new NewUser(UUID.randomUUID() + "@example.com", "Alice", OLD, UserAccount.Role.USER, false))
                .account();
        token = link(alice.id());
    }

    @AfterEach
    void noCookieButOurOwn() {
        assertThat(browser.everSet()).isSubsetOf("firebreak-sso", "firebreak-signin");
    }

    String link(UUID user) {
        ResetToken made = ResetToken.random(new SecureRandom());
        new ResetRepository(jdbc)
                .replace(user, made, clock.instant(), clock.instant().plus(Duration.ofMinutes(30)));
        return made.text();
    }

    Page open(String value) {
        return browser.follow(browser.get("/auth/reset?token=" + value));
    }

    Page choose(Page form, String password, String again) {
        return browser.submit("/auth/reset", Map.of("_csrf", form.csrf(), "password", password, "again", again));
    }

    int signInWith(String password) {
        return new TestBrowser(port).signIn(alice.email(), password).status();
    }

    @Test
    void setsThePasswordOnce() {
        Page form = open(token);
        assertThat(form.status()).isEqualTo(200);
        assertThat(form.body()).contains(alice.email());

        Page done = choose(form, NEW, NEW);

        assertThat(done.status()).isEqualTo(200);
        assertThat(done.body()).contains("Your password is set");
        assertThat(signInWith(NEW)).isEqualTo(303);
        assertThat(signInWith(OLD)).isEqualTo(422);
        assertThat(open(token).status()).as("again").isEqualTo(410);
        assertThat(told()).containsExactly("use-link by person " + alice.id() + ": password set by a link");
    }

    List<String> told() {
        return journal.after(0, 100_000).stream()
                .filter(entry -> entry.subject().id().equals(alice.id().toString()))
                .map(entry -> "%s by %s: %s".formatted(entry.action(), entry.actor(), entry.reason()))
                .toList();
    }

    @Test
    void aSignInThatFoundTheOldPasswordRightDoesNotOutliveTheReset() throws Exception {
        PasswordHash hash = passwords.hash(new NewPassword(NEW));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> signIn = new TransactionTemplate(transactions).execute(status -> {
                users.setPassword(alice.id(), hash);
                Future<Integer> begun = threads.submit(() -> signInWith(OLD));
                Eventually.within(
                        Duration.ofSeconds(20),
                        "it has checked the password and waits, or is through",
                        () -> begun.isDone() || somebodyWaits());
                signIns.endAllOf(alice.id(), "password_reset");
                return begun;
            });

            assertThat(signIn.get()).as("judged anew").isEqualTo(422);
        }
        assertThat(jdbc.sql("SELECT count(*) FROM sso_session WHERE user_id = :id AND ended_at IS NULL")
                        .param("id", alice.id())
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(signInWith(NEW)).isEqualTo(303);
    }

    boolean somebodyWaits() {
        return jdbc.sql("SELECT count(*) FROM pg_locks WHERE NOT granted")
                        .query(Long.class)
                        .single()
                > 0;
    }

    @Test
    void takesTheTokenOutOfTheAddressAndSendsItToNobody() {
        Page opened = browser.get("/auth/reset?token=" + token);

        assertThat(opened.status()).isEqualTo(303);
        assertThat(opened.header("Location")).isEqualTo(TestDeployment.ISSUER + "/reset");
        assertThat(opened.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(opened.header("Cache-Control")).isEqualTo("no-store");
        assertThat(browser.cookie("firebreak-signin")).doesNotContain(token);
        Page form = browser.follow(opened);
        assertThat(form.body()).doesNotContain(token);
        assertThat(form.header("Content-Security-Policy"))
                .startsWith("default-src 'none';")
                .endsWith("form-action 'self'");
        assertThat(form.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void storesOnlyTheHashOfTheToken() {
        assertThat(jdbc.sql("""
                SELECT count(*) FROM password_reset
                 WHERE user_id = :user AND token_hash = sha256(CAST(:bytes AS bytea))
                """)
                        .param("user", alice.id())
                        .param("bytes", java.util.Base64.getUrlDecoder().decode(token))
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void openingALinkSpendsItNot() {
        open(token);
        browser = new TestBrowser(port);

        assertThat(choose(open(token), NEW, NEW).body()).contains("Your password is set");
    }

    @Test
    void signsTheUserOutOfEverything() {
        TestBrowser elsewhere = new TestBrowser(port);
        elsewhere.signIn(alice.email(), OLD);
        String request = "/auth/oauth2/authorize?" + TestOAuth.form(oauth.authorizationRequest());
        String code = elsewhere.get(request).header("Location").replaceFirst(".*[?&]code=([^&]+).*", "$1");
        TestOAuth.Answer tokens = TestOAuth.requireOk(oauth.exchange(code));
        String sid =
                String.valueOf(TestOAuth.claims(tokens.text("access_token")).get("sid"));

        choose(open(token), NEW, NEW);

        assertThat(elsewhere.get(request).location()).isEqualTo("/auth/login");
        assertThat(oauth.refresh(tokens.text("refresh_token")).text("error")).isEqualTo("invalid_grant");
        assertThat(jdbc.sql("SELECT count(*) FROM revocation WHERE kind = 'sid' AND value = :sid")
                        .param("sid", sid)
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
        assertThat(elsewhere.signIn(alice.email(), NEW).status())
                .as("and back in")
                .isEqualTo(303);
    }

    @ParameterizedTest
    @CsvSource({
        "seven 7, seven 7, must have 8 to 128 characters",
        "'', '', must have 8 to 128 characters",
        "correct horse battery, correct horse batterz, The two passwords differ."
    })
    void saysWhatIsWrongAndKeepsTheLink(String password, String again, String why) {
        Page refused = choose(open(token), password, again);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains(why);
        assertThat(signInWith(OLD)).isEqualTo(303);
        assertThat(choose(refused, NEW, NEW).body()).contains("Your password is set");
    }

    @Test
    void aLinkEndsAfterHalfAnHour() {
        pass(Duration.ofMinutes(29));
        assertThat(open(token).status()).isEqualTo(200);
        Page form = open(token);
        pass(Duration.ofMinutes(1));

        assertThat(choose(form, NEW, NEW).status()).isEqualTo(410);
        assertThat(open(token).status()).isEqualTo(410);
        assertThat(signInWith(OLD)).isEqualTo(303);
        assertThat(told()).isEmpty();
    }

    @Test
    void aNewLinkTakesThePlaceOfTheLast() {
        String newer = link(alice.id());

        assertThat(open(token).status()).isEqualTo(410);
        assertThat(open(newer).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"rubbish", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "''"})
    void aLinkThatIsNoneOfOursLooksLikeAnOldOne(String value) {
        Page page = open(value);

        assertThat(page.status()).isEqualTo(410);
        assertThat(page.body()).contains("This link is not good any more");
    }

    @Test
    void aLinkThatIsNoneOfOursTakesThePlaceOfAnEarlierOneInThisBrowser() {
        Page form = open(token);
        open("rubbish");

        assertThat(choose(form, NEW, NEW).status()).isEqualTo(410);
    }

    @Test
    void rubbishNeverReachesTheDatabase() {
        statements.reset();

        open("rubbish");

        assertThat(requestStatements()).isEmpty();
    }

    @Test
    void aDisabledUserHasNoLink() {
        Page form = open(token);
        users.disable(alice.id());

        assertThat(choose(form, NEW, NEW).status()).isEqualTo(410);
        assertThat(open(token).status()).isEqualTo(410);
    }

    @Test
    void refusesAFormWithoutItsSecretOrOfAnotherSite() {
        Page form = open(token);

        assertThat(browser.submit("/auth/reset", Map.of("password", NEW, "again", NEW))
                        .status())
                .isEqualTo(403);
        browser.saying("Origin", "http://evil.example");
        assertThat(choose(form, NEW, NEW).status()).isEqualTo(403);
        assertThat(signInWith(OLD)).isEqualTo(303);
    }

    @Test
    void aSignInUnderWayInAnotherTabGoesOn() {
        Page form =
                browser.follow(browser.get("/auth/oauth2/authorize?" + TestOAuth.form(oauth.authorizationRequest())));
        open("rubbish");

        assertThat(browser.signIn(form, alice.email(), OLD).header("Location")).startsWith("/auth/oauth2/authorize?");
    }

    @Test
    void ofSeveralThatUseALinkAtOnceOneSucceeds() throws Exception {
        ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();

        Parallel.run(6, () -> {
            TestBrowser one = new TestBrowser(port);
            Page form = one.follow(one.get("/auth/reset?token=" + token));
            String mine = "password of " + UUID.randomUUID();
            if (form.status() == 200) {
                statuses.add(one.submit("/auth/reset", Map.of("_csrf", form.csrf(), "password", mine, "again", mine))
                        .status());
            }
            return statuses;
        });

        assertThat(statuses.stream().filter(status -> status == 200)).hasSize(1);
        assertThat(told()).hasSize(1);
        assertThat(List.copyOf(statuses)).isSubsetOf(200, 410);
    }

    @Test
    void anAccountThatNeverHadAPasswordIsNobodysUntilItsLinkIsUsed() {
        jdbc.sql("UPDATE user_account SET password_hash = '' WHERE id = :id")
                .param("id", alice.id())
                .update();

        assertThat(signInWith("anything at all")).isEqualTo(422);
        assertThat(browser.submit(
                                "/auth/login",
                                Map.of("_csrf", browser.get("/auth/login").csrf(), "username", alice.email()))
                        .status())
                .isEqualTo(422);
        choose(open(token), NEW, NEW);
        assertThat(signInWith(NEW)).isEqualTo(303);
    }
}
