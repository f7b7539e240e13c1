package dev.firebreak.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.contracts.error.ErrorCatalogue;
import dev.firebreak.gateway.Client.Answer;
import org.junit.jupiter.api.Test;

class PagesIT extends SharedGatewayIT {
    @Test
    void servesThePageUnderAStrictPolicy() {
        Answer page = gateway.client().navigating().get("/");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(page.header("Content-Security-Policy"))
                .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                        + " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.header("Referrer-Policy")).isEqualTo("same-origin");
        assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(page.body()).contains("<html");
    }

    @Test
    void servesAssetsOnceAndThenOnlyTheirTag() {
        Answer script = gateway.client().get("/assets/app.js");
        Answer again =
                gateway.client().header("If-None-Match", script.header("ETag")).get("/assets/app.js");

        assertThat(script.header("Content-Type")).isEqualTo("text/javascript;charset=UTF-8");
        assertThat(script.header("ETag")).matches("\"[0-9a-f]{32}\"");
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(gateway.client().get("/assets/firebreak.css").header("Content-Type"))
                .isEqualTo("text/css;charset=UTF-8");
        assertThat(gateway.client().get("/assets/icon.svg").header("Content-Type"))
                .isEqualTo("image/svg+xml");
    }

    @Test
    void servesNoOtherFiles() {
        for (String path : new String[] {
            "/assets/index.html",
            "/assets/keys.html",
            "/assets/nothing.js",
            "/assets/",
            "/assets/application.yaml",
            "/assets/web/app.js"
        }) {
            assertThat(gateway.client().get(path).status()).as(path).isEqualTo(404);
        }
    }

    @Test
    void refusesOtherMethodsOnItsOwnPages() {
        Answer answer = gateway.client().send("POST", "/session", "{}");

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.code()).isEqualTo("request.method_not_allowed");
        assertThat(answer.header("Allow").split(",")).containsExactlyInAnyOrder("GET", "HEAD");
    }

    @Test
    void answersHeadOnItsOwnPages() {
        assertThat(gateway.client().send("HEAD", "/", null).status()).isEqualTo(200);
        assertThat(gateway.client().send("HEAD", "/livez", null).status()).isEqualTo(200);
    }

    @Test
    void explainsEveryErrorCode() {
        assertThat(ErrorCatalogue.all()).isNotEmpty().allSatisfy(error -> {
            Answer page = gateway.client().get("/errors/" + error.code());
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.header("Content-Type")).startsWith("text/html");
            assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
            assertThat(page.body())
                    .contains(error.code(), "act-" + error.act().wireName())
                    .doesNotContain("{{");
        });
    }

    @Test
    void explainsNoCodeThatDoesNotExist() {
        Answer unknown = gateway.client().get("/errors/no.such.code");
        Answer script = gateway.client().navigating().get("/errors/%3Cscript%3E");

        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.code()).isEqualTo("request.unknown_path");
        assertThat(script.status()).isEqualTo(404);
        assertThat(script.body()).doesNotContain("<script>");
    }

    @Test
    void showsAPersonThePageOfWhatWentWrong() {
        gateway.tasks().stop();

        Answer page = gateway.browser().navigating().get("/api/v1/tasks");

        assertThat(page.status()).isEqualTo(503);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(page.header("Cache-Control")).isEqualTo("no-store");
        assertThat(page.body())
                .contains("service.upstream_unavailable", "Try again in " + page.header("Retry-After") + " seconds")
                .containsPattern("[0-9a-f]{32}");
    }
}
