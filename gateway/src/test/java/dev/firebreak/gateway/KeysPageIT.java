package dev.firebreak.gateway;

import static dev.firebreak.gateway.TestGateway.COOKIE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.gateway.Client.Answer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page at {@code /ops/keys}: the frame that scripts fill; what it shows is tested in a browser. */
class KeysPageIT extends SharedGatewayIT {
    static final String PAGE = "/ops/keys";
    static final Pattern ASSET = Pattern.compile("(?:src|href)=\"(/assets/[^\"]+)\"");
    static final Pattern IMPORT = Pattern.compile("from \"\\./([^\"]+)\"");

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
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
                .doesNotContain("unsafe-");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(page.header("ETag")).matches("\"[0-9a-f]{32}\"");
    }

    @Test
    void hasNothingInlineAndWritesNoMarkupOutOfData() {
        String html = person().get(PAGE).body();

        assertThat(html)
                .doesNotContainPattern("<script(?![^>]* src=)")
                .doesNotContainPattern("<style|\\sstyle=|\\son[a-z]+=|javascript:");
        for (String script : new String[] {"keys.js", "keys-timeline.js", "keys-tables.js"}) {
            Answer answer = gateway.client().get("/assets/" + script);
            assertThat(answer.status()).as(script).isEqualTo(200);
            assertThat(answer.body())
                    .as(script)
                    .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
        }
    }

    @Test
    void findsEveryFileThatItNames() {
        String html = person().get(PAGE).body();

        assertThat(ASSET.matcher(html).results().map(MatchResult::group).toList())
                .hasSizeGreaterThanOrEqualTo(4);
        ASSET.matcher(html).results().map(found -> found.group(1)).forEach(asset -> {
            Answer answer = gateway.client().get(asset);
            assertThat(answer.status()).as(asset).isEqualTo(200);
            IMPORT.matcher(answer.body())
                    .results()
                    .map(found -> found.group(1))
                    .forEach(name -> assertThat(
                                    gateway.client().get("/assets/" + name).status())
                            .as(name)
                            .isEqualTo(200));
        });
    }

    @Test
    void namesTheCommandsAndOffersNoOrder() {
        String html = person().get(PAGE).body();

        assertThat(html)
                .contains("./firebreak keys plan", "./firebreak keys rotate", "./firebreak keys activate", "--reason")
                .contains("--emergency", "./firebreak keys history --verify");
        assertThat(html.replaceAll("(?s)<form id=\"sign-out\".*?</form>", "")).doesNotContain("<form", "<button");
    }

    @Test
    void sendsWhoIsNotSignedInToSignInAndBack() {
        Answer answer = gateway.client().navigating().get(PAGE);

        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).isEqualTo("/login?return_to=%2Fops%2Fkeys");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void tellsAProgramWithoutASessionThePlainTruth() {
        Answer answer = gateway.client().get(PAGE);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("auth.token_missing");
    }

    @Test
    void clearsACookieThatIsWorthNothing() {
        Answer answer =
                gateway.client().cookie(COOKIE, "v1.c1.AAAA").navigating().get(PAGE);

        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.clears(COOKIE)).isTrue();
    }

    @Test
    void isServedWithTheAuthorizationServerAwayAndToSomebodyWhoIsNoOperator() {
        gateway.auth().face().stop();

        assertThat(person().get(PAGE).status()).isEqualTo(200);
    }

    @Test
    void isOnlyRead() {
        Answer answer = person().send("POST", PAGE, "{}");

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow").split(",")).containsExactlyInAnyOrder("GET", "HEAD");
        assertThat(person().send("HEAD", PAGE, null).status()).isEqualTo(200);
    }
}
