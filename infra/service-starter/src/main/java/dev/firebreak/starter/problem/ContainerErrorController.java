package dev.firebreak.starter.problem;

import dev.firebreak.contracts.error.RequestError;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Errors that the container reports by status alone, for instance after {@code sendError}. */
@Controller
class ContainerErrorController implements ErrorController {
    private final ProblemRenderer problems;

    ContainerErrorController(ProblemRenderer problems) {
        this.problems = problems;
    }

    @RequestMapping("${spring.web.error.path:${error.path:/error}}")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object thrown = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        if (thrown instanceof IOException) {
            // What handlers and filters throw never gets here: this is the container's own connection to the caller.
            problems.render(
                    Failure.of(RequestError.MALFORMED, "The request did not arrive in time or in full."),
                    request,
                    response);
            return;
        }
        if (thrown instanceof Throwable bug) {
            problems.render(bug, request, response);
            return;
        }
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer given ? given : 404;
        problems.render(
                SpringMvcFailures.ofStatus(status, "The request was refused with status " + status + "."),
                request,
                response);
    }
}
