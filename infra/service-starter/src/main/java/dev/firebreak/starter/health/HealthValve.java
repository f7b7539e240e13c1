package dev.firebreak.starter.health;

import dev.firebreak.contracts.http.Paths;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Answers {@code /livez} and {@code /readyz} before a request reaches any web application. A valve and not a filter, so
 * that the paths are the same for a service with a context path, and nothing can be put in front by accident.
 */
final class HealthValve extends ValveBase {
    private static final String ALIVE = "{\"status\":\"ok\",\"reasons\":[]}";

    private final Readiness readiness;

    HealthValve(Readiness readiness) {
        super(true);
        this.readiness = readiness;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        String path = request.getRequestURI();
        boolean live = Paths.LIVEZ.equals(path);
        if (!live && !Paths.READYZ.equals(path)) {
            getNext().invoke(request, response);
            return;
        }
        if (!"GET".equals(request.getMethod()) && !"HEAD".equals(request.getMethod())) {
            response.setHeader("Allow", "GET, HEAD");
            response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            return;
        }
        Readiness.State state = live ? new Readiness.State(List.of()) : readiness.current();
        byte[] body = (live ? ALIVE : state.toJson()).getBytes(StandardCharsets.UTF_8);
        response.setStatus(state.isDown() ? HttpServletResponse.SC_SERVICE_UNAVAILABLE : HttpServletResponse.SC_OK);
        if (state.isDown()) {
            // One probe interval: there is nothing to spread, each node answers for itself.
            response.setHeader("Retry-After", "1");
        }
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.finishResponse();
    }
}
