package dev.firebreak.auth.login;

import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.starter.problem.ProblemPage;
import dev.firebreak.starter.trace.Trace;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** The page that says what went wrong, to whoever navigated here; programs get problem documents. */
@Component
class ErrorPage implements ProblemPage {
    private final Pages pages;

    ErrorPage(Pages pages) {
        this.pages = pages;
    }

    /** By what browsers say of themselves (Fetch Metadata); those too old to say it ask for HTML by name. */
    @Override
    public boolean isFor(HttpServletRequest request) {
        String mode = request.getHeader("Sec-Fetch-Mode");
        if (mode != null) {
            return mode.equals("navigate");
        }
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains("text/html");
    }

    @Override
    public void show(ErrorCode error, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Map<String, Object> model = new HashMap<>();
        model.put("code", error.code());
        model.put("title", error.title());
        model.put("help", error.help());
        model.put("act", error.act().wireName());
        model.put("traceId", Trace.of(request).traceId());
        model.put("status", error.kind().status());
        pages.show("error", error.kind().status(), model, Stream.empty(), request, response);
    }
}
