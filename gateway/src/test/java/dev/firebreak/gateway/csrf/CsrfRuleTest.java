package dev.firebreak.gateway.csrf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.contracts.error.CsrfError;
import dev.firebreak.gateway.platform.PublicOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

class CsrfRuleTest {
    final CsrfRule rule = new CsrfRule(new PublicOrigin("http://localhost:8080", false, 8080));

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", useHeadersInDisplayName = true, textBlock = """
                    method  | origin                     | site        | header | upgrade   | passes
                    GET     | -                          | -           | -      | -         | true
                    HEAD    | -                          | -           | -      | -         | true
                    OPTIONS | -                          | -           | -      | -         | true
                    GET     | https://evil.example       | cross-site  | -      | -         | true
                    POST    | http://localhost:8080      | same-origin | 1      | -         | true
                    POST    | http://localhost:8080      | -           | 1      | -         | true
                    POST    | -                          | same-origin | 1      | -         | true
                    PUT     | http://localhost:8080      | -           | 1      | -         | true
                    PATCH   | http://localhost:8080      | -           | 1      | -         | true
                    DELETE  | http://localhost:8080      | -           | 1      | -         | true
                    POST    | http://localhost:8080      | -           | -      | -         | false
                    POST    | http://localhost:8080      | -           | 0      | -         | false
                    POST    | -                          | -           | 1      | -         | false
                    POST    | null                       | -           | 1      | -         | false
                    POST    | null                       | same-origin | 1      | -         | false
                    POST    | -                          | same-site   | 1      | -         | false
                    POST    | -                          | none        | 1      | -         | false
                    POST    | https://localhost:8080     | -           | 1      | -         | false
                    POST    | http://localhost:8081      | -           | 1      | -         | false
                    POST    | http://localhost           | -           | 1      | -         | false
                    POST    | http://localhost:8080.evil | -           | 1      | -         | false
                    POST    | https://evil.example       | same-origin | 1      | -         | false
                    DELETE  | https://evil.example       | -           | 1      | -         | false
                    PURGE   | -                          | -           | -      | -         | false
                    GET     | http://localhost:8080      | -           | -      | websocket | true
                    GET     | -                          | same-origin | -      | websocket | true
                    GET     | -                          | -           | -      | websocket | false
                    GET     | https://evil.example       | -           | -      | websocket | false
                    GET     | -                          | -           | -      | h2c       | false
                    """)
    void asksForProofWhereACookieBecomesABearerToken(
            String method, String origin, String site, String header, String upgrade, boolean passes) {
        HttpHeaders headers = new HttpHeaders();
        set(headers, "Origin", origin);
        set(headers, "Sec-Fetch-Site", site);
        set(headers, "X-Firebreak", header);
        set(headers, "Upgrade", upgrade);

        assertThat(rule.refusal(HttpMethod.valueOf(method), headers).isEmpty()).isEqualTo(passes);
    }

    @Test
    void refusesTwoOrigins() {
        HttpHeaders headers = new HttpHeaders();
        headers.add("Origin", "http://localhost:8080");
        headers.add("Origin", "https://evil.example");
        headers.add("X-Firebreak", "1");

        assertThat(rule.refusal(HttpMethod.POST, headers))
                .hasValueSatisfying(refusal -> assertThat(refusal.error()).isEqualTo(CsrfError.REFUSED));
    }

    @Test
    void asksOfAFormOnlyWhereItComesFrom() {
        HttpHeaders own = new HttpHeaders();
        own.set("Origin", "http://localhost:8080");
        HttpHeaders foreign = new HttpHeaders();
        foreign.set("Origin", "https://evil.example");

        assertThat(rule.refusalOfForm(own)).isEmpty();
        assertThat(rule.refusalOfForm(foreign)).isPresent();
        assertThat(rule.refusalOfForm(new HttpHeaders())).isPresent();
    }

    private static void set(HttpHeaders headers, String name, String value) {
        if (value != null) {
            headers.set(name, value);
        }
    }
}
