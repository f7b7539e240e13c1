package dev.firebreak.gateway.errors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

class AudienceTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", useHeadersInDisplayName = true, textBlock = """
                    path               | mode     | accept                              | audience
                    /api/v1/tasks      | -        | -                                   | PROGRAM
                    /api/v1/tasks      | -        | */*                                 | PROGRAM
                    /api/v1/tasks      | -        | application/json, text/html;q=0.5   | PROGRAM
                    /api/v1/tasks      | -        | text/html,application/xhtml+xml     | PERSON
                    /api/v1/tasks      | cors     | text/html                           | PROGRAM
                    /api/v1/tasks      | navigate | */*                                 | PERSON
                    /api/v1/tasks      | -        | text/html;;;broken=                 | PROGRAM
                    /auth/oauth2/token | -        | */*                                 | OAUTH_CLIENT
                    /auth/oauth2/token | cors     | application/json                    | OAUTH_CLIENT
                    /auth/oauth2/token | navigate | text/html                           | PERSON
                    /auth/login        | -        | */*                                 | PROGRAM
                    """)
    void answersEveryoneInTheirOwnLanguage(String path, String mode, String accept, Audience audience) {
        MockServerHttpRequest.BaseBuilder<?> request = MockServerHttpRequest.method(HttpMethod.GET, path);
        if (mode != null) {
            request.header("Sec-Fetch-Mode", mode);
        }
        if (accept != null) {
            request.header("Accept", accept);
        }

        assertThat(Audience.of(request.build())).isEqualTo(audience);
    }
}
