package dev.firebreak.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.gateway.Client.Answer;
import dev.firebreak.gateway.FakeService.Call;
import dev.firebreak.gateway.FakeService.Reply;
import java.util.regex.MatchResult;
import org.junit.jupiter.api.Test;

/** The page at {@code /connections} and what it calls; what it shows is tested in a browser. */
class ConnectionsPageIT extends SharedGatewayIT {
    static final String PAGE = "/connections";
    static final String API = "/api/v1/connections";
    static final String START = "/auth/connect/google?service=calendar";

    Client person() {
        return gateway.browser().navigating();
    }

    @Test
    void isServedUnderTheSamePolicyAsTheFrontPage() {
        Answer page = person().get(PAGE);

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(page.header("Content-Security-Policy"))
                .isEqualTo(gateway.client().get("/").header("Content-Security-Policy"))
                .doesNotContain("unsafe-");
        assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
    }

    @Test
    void hasNothingInlineAndWritesNoMarkupOutOfData() {
        String html = person().get(PAGE).body();
        String script = gateway.client().get("/assets/connections.js").body();

        assertThat(html)
                .doesNotContainPattern("<script(?![^>]* src=)")
                .doesNotContainPattern("<style|\\sstyle=|\\son[a-z]+=|javascript:");
        assertThat(script)
                .contains("readConnections")
                .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
    }

    @Test
    void findsEveryFileThatItNames() {
        String html = person().get(PAGE).body();

        assertThat(KeysPageIT.ASSET
                        .matcher(html)
                        .results()
                        .map(MatchResult::group)
                        .toList())
                .hasSizeGreaterThanOrEqualTo(4);
        KeysPageIT.ASSET.matcher(html).results().map(found -> found.group(1)).forEach(asset -> {
            Answer answer = gateway.client().get(asset);
            assertThat(answer.status()).as(asset).isEqualTo(200);
            KeysPageIT.IMPORT
                    .matcher(answer.body())
                    .results()
                    .map(found -> found.group(1))
                    .forEach(name -> assertThat(
                                    gateway.client().get("/assets/" + name).status())
                            .as(name)
                            .isEqualTo(200));
        });
        assertThat(gateway.client().get("/assets/connections.html").status()).isEqualTo(404);
    }

    @Test
    void isLinkedFromTheFrontPage() {
        assertThat(gateway.client().get("/").body()).contains("href=\"/connections\"");
    }

    @Test
    void sendsWhoIsNotSignedInToSignInAndBack() {
        Answer answer = gateway.client().navigating().get(PAGE);

        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).isEqualTo("/login?return_to=%2Fconnections");
    }

    @Test
    void itsCallsCarryTheUsersOwnTokenAndNoCookie() {
        Answer answer = gateway.browser().script().get(API);

        assertThat(answer.status()).isEqualTo(200);
        Call call = gateway.auth().face().calls("/auth" + API).getFirst();
        assertThat(call.header("Authorization")).startsWith("Bearer ");
        assertThat(call.header("Cookie")).isNull();
    }

    @Test
    void itsOrdersNeedTheCsrfProof() {
        Client browser = gateway.browser();

        Answer refused = browser.header("Origin", TestGateway.ORIGIN).send("DELETE", API + "/1", null);
        Answer given = gateway.browser().script().send("DELETE", API + "/1", null);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("csrf.refused");
        assertThat(given.status()).isEqualTo(200);
        assertThat(gateway.auth().face().calls("/auth" + API + "/1")).hasSize(1);
    }

    /** The way to Google is the browser's own: with the authorization server's cookies, without a token. */
    @Test
    void theWayToGoogleIsANavigationUnderTheSignInsCookie() {
        gateway.auth()
                .face()
                .behave(call -> call.path().equals(START)
                        ? Reply.of(303, "text/plain", "")
                                .with("Location", "https://accounts.google.example/auth?state=x")
                                .with("Set-Cookie", "firebreak-connect=v1.x; Path=/auth/connect; HttpOnly", "other=1")
                        : gateway.auth().answer(call));

        Answer answer = gateway.browser()
                .navigating()
                .cookie("firebreak-sso", "sso")
                .cookie("firebreak-connect", "v1.before")
                .get(START);

        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).isEqualTo("https://accounts.google.example/auth?state=x");
        assertThat(answer.setCookies("firebreak-connect")).hasSize(1);
        assertThat(answer.allSetCookies()).hasSize(1);
        Call call = gateway.auth().face().calls(START).getFirst();
        assertThat(call.header("Cookie").split("; "))
                .containsExactlyInAnyOrder("firebreak-sso=sso", "firebreak-connect=v1.before");
        assertThat(call.header("Authorization")).isNull();
    }
}
