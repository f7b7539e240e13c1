package dev.firebreak.starter.server;

import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.http.Paths;
import dev.firebreak.trust.ProblemDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers for requests that Tomcat refuses before any web application sees them, such as a path that is not a path. There
 * is no trace yet, and nothing of the request is repeated.
 */
final class ProblemReportValve extends ErrorReportValve {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemReportValve.class);

    @Override
    protected void report(Request request, Response response, Throwable thrown) {
        int status = response.getStatus();
        // Nothing to add to a success, to an answer that has a body, or to a second report.
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        ErrorCode error = switch (status) {
            case 404 -> RequestError.UNKNOWN_PATH;
            case 405, 501 -> RequestError.METHOD_NOT_ALLOWED;
            case 413, 414, 431 -> RequestError.TOO_LARGE;
            case 503 -> ServiceError.STARTING;
            default -> status < 500 ? RequestError.MALFORMED : ServiceError.INTERNAL;
        };
        byte[] body = new ProblemDocument(error, error.title() + ".", null, null, null, List.of(), Map.of())
                .toJson()
                .getBytes(StandardCharsets.UTF_8);
        try {
            response.setStatus(error.kind().status());
            response.setContentType(Paths.PROBLEM_JSON);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException e) {
            LOG.debug("The caller was gone before it could be refused", e);
        }
    }
}
