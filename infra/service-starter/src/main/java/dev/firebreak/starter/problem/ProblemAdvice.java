package dev.firebreak.starter.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.ClientAbortException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

/** Failures inside Spring MVC. Last in order, so that a service's own advice may speak another language on some paths. */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemAdvice {
    private final ProblemRenderer problems;

    ProblemAdvice(ProblemRenderer problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    void failed(Exception thrown, HttpServletRequest request, HttpServletResponse response) throws IOException {
        problems.render(thrown, request, response);
    }

    /** The caller has gone: there is nobody to answer and nothing to repair. */
    @ExceptionHandler({AsyncRequestNotUsableException.class, ClientAbortException.class})
    void abandoned() {
        // deliberately nothing
    }
}
