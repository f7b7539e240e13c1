package dev.firebreak.auth.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.TestBrowser;
import dev.firebreak.auth.TestBrowser.Page;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestServer;
import dev.firebreak.auth.user.NewUser;
import dev.firebreak.auth.user.UserAccount;
import dev.firebreak.auth.user.Users;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people see when the database is stopped or hung under the sign-in form. */
class LoginOutageIT {
    static final String PASSWORD = "correct horse battery";
    static final String NOT_CHECKED = "it was not checked";

    static TestServer server;

    TestBrowser browser;
    String alice;
    String authorize;

    @BeforeAll
    static void start() {
        server = new TestServer(4);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void openBrowser() {
        browser = new TestBrowser(server.port());
        alice = UUID.randomUUID() + "@example.com";
        server.bean(Users.class).create(new NewUser(alice, "Alice", PASSWORD, UserAccount.Role.USER, false));
        authorize = "/auth/oauth2/authorize?" + TestOAuth.form(server.oauth.authorizationRequest());
    }

    @AfterEach
    void heal() {
        server.heal();
    }

    @Test
    void aStoppedDatabaseIsAStateOfThePageAndHeals() {
        Page form = browser.follow(browser.get(authorize));
        server.database.stop();

        Page unavailable = browser.signIn(form, alice, PASSWORD);

        assertUnavailable(unavailable);
        assertThat(unavailable.typed()).isEqualTo(alice);
        server.heal();
        Page back = browser.signIn(unavailable, alice, PASSWORD);
        assertThat(back.status()).isEqualTo(303);
        assertThat(browser.follow(back).header("Location")).startsWith(TestDeployment.CALLBACK + "?code=");
    }

    @Test
    void aHungDatabaseIsToldWithinFiveSeconds() {
        Page form = browser.get("/auth/login");
        server.database.hang();
        long start = System.nanoTime();

        Page unavailable = browser.signIn(form, alice, PASSWORD);

        assertUnavailable(unavailable);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void attemptsDuringAnOutageAreNotCountedAsGuesses() throws Exception {
        Page form = browser.get("/auth/login");
        server.database.stop();

        List<Page> pages = Parallel.run(12, () -> {
            TestBrowser another = new TestBrowser(server.port());
            another.setCookie("firebreak-signin", browser.cookie("firebreak-signin"));
            return another.signIn(form, alice, "wrong password");
        });

        assertThat(pages).filteredOn(page -> page.status() == 503).hasSizeGreaterThanOrEqualTo(10);
        server.heal();
        assertThat(browser.signIn(alice, PASSWORD).status()).isEqualTo(303);
    }

    @Test
    void whoIsSignedInStaysSoAndTheFormStillComes() {
        browser.signIn(alice, PASSWORD);
        String cookie = browser.cookie("firebreak-sso");
        server.database.stop();

        Page page = browser.get(authorize);

        assertThat(page.status()).isEqualTo(503);
        assertThat(page.header("Retry-After")).matches("[1-9]|10");
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(browser.cookie("firebreak-sso")).isEqualTo(cookie);
        assertThat(browser.get("/auth/login").status()).isEqualTo(200);
        server.heal();
        assertThat(browser.get(authorize).header("Location")).startsWith(TestDeployment.CALLBACK + "?code=");
    }

    @Test
    void signingOutCanBeRepeatedWhenTheDatabaseIsBack() {
        browser.signIn(alice, PASSWORD);
        String csrf = browser.get("/auth/logout").csrf();
        server.database.stop();

        Page refused = browser.submit("/auth/logout", java.util.Map.of("_csrf", csrf));

        assertThat(refused.status()).isEqualTo(503);
        assertThat(browser.cookie("firebreak-sso")).isNotNull();
        server.heal();
        assertThat(browser.submit("/auth/logout", java.util.Map.of("_csrf", csrf))
                        .status())
                .isEqualTo(303);
        assertThat(browser.cookie("firebreak-sso")).isNull();
    }

    static void assertUnavailable(Page page) {
        assertThat(page.status()).isEqualTo(503);
        assertThat(page.header("Retry-After")).matches("[1-9]|10");
        assertThat(page.body()).contains("Sign-in does not work at the moment.", NOT_CHECKED);
    }
}
