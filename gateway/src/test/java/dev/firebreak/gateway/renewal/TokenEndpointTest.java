package dev.firebreak.gateway.renewal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.gateway.platform.AuthServerCalls;
import dev.firebreak.gateway.renewal.TokenEndpoint.Answer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenEndpointTest {
    @Test
    void readsTokensAndShowsNone() {
        Answer answer = read(200, "{\"access_token\":\"a\",\"refresh_token\":\"r\",\"id_token\":\"i\"}");

        assertThat(answer).isEqualTo(new Answer.Tokens("a", "r", "i")).hasToString("Tokens");
    }

    @Test
    void takesInvalidGrantForProof() {
        assertThat(read(400, "{\"error\":\"invalid_grant\",\"error_description\":\"reuse\"}"))
                .isEqualTo(new Answer.InvalidGrant("reuse"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    400 | {"error":"invalid_request"}
                    400 | {"error":"invalid_client"}
                    400 | {"error":"access_denied"}
                    400 | not json
                    401 | {"error":"invalid_client"}
                    401 | {"error":"invalid_grant"}
                    403 | {"error":"invalid_grant"}
                    429 | {"error":"slow_down"}
                    500 | {"error":"server_error"}
                    502 | <html>
                    503 | {"error":"temporarily_unavailable"}
                    503 | {"error":"invalid_grant"}
                    200 | {}
                    200 | {"access_token":7}
                    200 | []
                    """)
    void takesNothingElseForProof(int status, String body) {
        assertThat(read(status, body)).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void tellsADenialFromTroubleOnItsRightStatusOnly() {
        assertThat(read(400, "{\"error\":\"access_denied\"}"))
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        failed -> assertThat(failed.isDenied()).isTrue());
        assertThat(read(503, "{\"error\":\"access_denied\"}"))
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        failed -> assertThat(failed.isDenied()).isFalse());
    }

    private static Answer read(int status, String body) {
        return TokenEndpoint.read(new AuthServerCalls.Answer(
                status, "application/json", null, null, body.getBytes(StandardCharsets.UTF_8)));
    }
}
