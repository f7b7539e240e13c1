package dev.firebreak.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api/v1/tasks",
                "/api/v1/tasks/",
                "/auth/.well-known/openid-configuration",
                "/assets/app.v1.css",
                "/api/v1/tasks/0f8fad5b-d9cb-469f-a165-70867728950e",
                "/api/v1/x/alice%40example.com",
                "/a/...",
                "/a/.b",
                "/caf%C3%A9"
            })
    void acceptsPathsThatReadInOneWay(String path) {
        assertThat(PathRules.fault(path)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "api",
                "//",
                "/a//b",
                "/a/../b",
                "/a/..",
                "/..",
                "/.",
                "/./a",
                "/a/./",
                "/a%2Fb",
                "/a%2fb",
                "/a%5cb",
                "/a%5Cb",
                "/a/%2e%2e/b",
                "/a/.%2E/b",
                "/a%252fb",
                "/a;x=1",
                "/a;/b",
                "/a%3bx",
                "/a\\b",
                "/a%00",
                "/a%0a",
                "/a%0D",
                "/a%7f",
                "/a%3Fb",
                "/a%23b",
                "/a b",
                "/a\tb",
                "/a\u007fb",
                "/café",
                "/a%",
                "/a%2",
                "/a%zz",
                "/a%2/b"
            })
    void refusesPathsThatTwoReadersCouldReadDifferently(String path) {
        assertThat(PathRules.fault(path)).isPresent();
    }

    @org.junit.jupiter.api.Test
    void refusesNoPath() {
        assertThat(PathRules.fault(null)).isPresent();
    }
}
