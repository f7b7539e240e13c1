package dev.firebreak.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ErrorCatalogue;
import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.PoolError;
import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The body of every failed request, byte by byte. */
class ProblemDocumentTest {
    @Test
    void carriesAllMembersOfTheContract() {
        ServiceException failure = new ServiceException(PoolError.SATURATED, "Pool tasks is full");

        String json = ProblemDocument.of(failure, "/api/v1/tasks", "4bf92f3577b34da6a3ce929d0e0e4736", 3)
                .toJson();

        assertThat(json)
                .isEqualTo("{\"type\":\"/errors/pool.saturated\",\"title\":\"Database connections exhausted\","
                        + "\"status\":503,\"detail\":\"Pool tasks is full\",\"instance\":\"/api/v1/tasks\","
                        + "\"code\":\"pool.saturated\",\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\","
                        + "\"retry_after\":3,\"act\":\"retry\"}");
    }

    @Test
    void leavesOutWhatDoesNotApply() {
        ServiceException failure = new ServiceException(AuthError.TOKEN_EXPIRED, "The token expired");

        assertThat(ProblemDocument.of(failure, null, null, 3).toJson())
                .isEqualTo("{\"type\":\"/errors/auth.token_expired\",\"title\":\"Access token expired\","
                        + "\"status\":401,\"detail\":\"The token expired\",\"code\":\"auth.token_expired\","
                        + "\"act\":\"user\"}");
    }

    @Test
    void listsViolationsInTheirOrder() throws Exception {
        ServiceException failure = new ServiceException(
                RequestError.INVALID,
                "Two fields are wrong",
                List.of(
                        new ServiceException.Violation("/title", "must not be blank"),
                        new ServiceException.Violation("/due", "must be a date")));

        Map<String, Object> json =
                JSONObjectUtils.parse(ProblemDocument.of(failure, "/x", "t", 1).toJson());

        assertThat(json.get("violations"))
                .isEqualTo(List.of(
                        Map.of("field", "/title", "message", "must not be blank"),
                        Map.of("field", "/due", "message", "must be a date")));
    }

    @Test
    void escapesWhatTheCallerSent() throws Exception {
        String hostile = "\"},{\"code\":\"x\\\u0000\n</script>\u2028";
        ServiceException failure = new ServiceException(RequestError.INVALID, hostile);

        Map<String, Object> json = JSONObjectUtils.parse(
                ProblemDocument.of(failure, hostile, null, 1).toJson());

        assertThat(json).containsEntry("detail", hostile).containsEntry("instance", hostile);
        assertThat(json).containsEntry("code", RequestError.INVALID.code());
    }

    @Test
    void saysWhenToRetryExactlyWhereThatMayHelp() {
        for (ErrorCode error : ErrorCatalogue.all()) {
            ProblemDocument problem = ProblemDocument.of(new ServiceException(error, "x"), null, null, 7);

            assertThat(problem.retryAfterSeconds() != null)
                    .as(error.code())
                    .isEqualTo(problem.status() == 503 || problem.status() == 429);
        }
    }
}
